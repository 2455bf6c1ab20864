/* The button below an answer that asks for it in plain language. It goes when the plain answer
   stands on the page, whoever asked for it; who pressed it here is led there.
   The props are made in civic_assistant/chat/plain_button.py. */
import { useEffect, useRef, useState } from "react"

const saidPlainly = () => (window.civic.saidPlainly ??= new Map())

const lead = (mark) => {
  const said = mark.closest("[data-step-type]")
  const words = said?.querySelector(".message-content .prose") ?? said
  if (!words) return
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
  words.tabIndex = -1
  words.focus({ preventScroll: true })
  said.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" })
}

export default function SayPlainly() {
  const [pressed, setPressed] = useState(false)
  const [said, setSaid] = useState(() => saidPlainly().has(props.turn))
  const button = useRef(null)
  const isAwaited = useRef(false)

  useEffect(() => {
    const note = () => {
      const mark = saidPlainly().get(props.turn)
      if (!mark) return
      const isHere = isAwaited.current || document.activeElement === button.current
      isAwaited.current = false
      setSaid(true)
      if (isHere) lead(mark)
    }
    addEventListener("civic-said-plainly", note)
    note()
    return () => removeEventListener("civic-said-plainly", note)
  }, [])

  const ask = async () => {
    if (pressed) return
    setPressed(true)
    isAwaited.current = true
    let answer = null
    try {
      answer = (await callAction({ name: "say_plainly", payload: { turn: props.turn } })).response
    } catch {}
    if (!answer || answer.failed) {
      isAwaited.current = false
      setPressed(false)
    }
  }

  if (said) return null
  return (
    <p className="civic-below" lang={props.language}>
      <button type="button" ref={button} aria-disabled={pressed} onClick={ask}>
        {pressed ? props.noted : props.ask}
      </button>
    </p>
  )
}
