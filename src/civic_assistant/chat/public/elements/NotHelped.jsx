/* The button below an answer that leads to a person when the answer did not help.
   The props are made in civic_assistant/chat/answering.py. */
import { useState } from "react"

export default function NotHelped() {
  const [pressed, setPressed] = useState(false)

  const tell = async () => {
    if (pressed) return
    setPressed(true)
    window.civic?.expectPanel?.()
    let answer = null
    try {
      answer = (await callAction({ name: "not_helped", payload: { turn: props.turn } })).response
    } catch {}
    if (!answer || answer.failed) setPressed(false)
  }

  return (
    <p className="civic-below" lang={props.language}>
      <button type="button" aria-disabled={pressed} onClick={tell}>
        {pressed ? props.noted : props.not_helped}
      </button>
    </p>
  )
}
