/* What an agent wrote, in the page's language: below the original, marked, and never instead of it.
   The props and the states are described in civic_assistant/chat/translation.py. */
import { useEffect, useRef, useState } from "react"

const NEW_MILLISECONDS = 120000

export default function MachineTranslation() {
  const { labels } = props
  const [told, setTold] = useState({ state: "making" })
  const own = useRef(null)

  const ask = async () => {
    setTold({ state: "making" })
    let answer = null
    try {
      answer = (await callAction({ name: "translate_message", payload: { position: props.position } })).response
    } catch {}
    setTold(answer && answer.state ? answer : { state: "later" })
  }
  useEffect(() => {
    ask()
  }, [props.position, props.spoken])
  useEffect(() => {
    window.civic?.grown?.(own.current)
  }, [told])

  /* Who comes back to a conversation is not read all of it again. */
  const isNew = Date.now() - Date.parse(props.at) < NEW_MILLISECONDS
  return (
    <div
      className="civic-translation"
      ref={own}
      lang={props.spoken}
      dir={props.direction}
      data-state={told.state}
      aria-live={isNew ? "polite" : "off"}
    >
      <p className="civic-translation-mark">{labels.mark}</p>
      {told.state === "made" &&
        told.text.split("\n").map((line, at) => (
          <p className="civic-translation-text" key={at}>{line}</p>
        ))}
      {told.state !== "made" && <p>{labels[told.state]}</p>}
      {told.state === "later" && (
        <button type="button" onClick={ask}>{labels.again}</button>
      )}
    </div>
  )
}
