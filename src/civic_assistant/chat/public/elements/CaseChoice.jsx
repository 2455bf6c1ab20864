/* The cases that a guide distinguishes, as buttons; the one pressed is the citizen's answer.
   The props are described in civic_assistant/chat/case_choice.py. */
import { useState } from "react"

export default function CaseChoice() {
  const [chosen, setChosen] = useState(null)

  const choose = async (option) => {
    if (chosen !== null) return
    setChosen(option)
    let answer = null
    try {
      answer = (await callAction({ name: "choose_case", payload: { turn: props.turn, option } })).response
    } catch {}
    if (answer && answer.failed) setChosen(null)
  }

  return (
    <div className="civic-choice" role="group" aria-label={props.label} lang={props.spoken} dir={props.direction}>
      {props.options.map((option, at) => (
        <button
          type="button"
          key={at}
          lang={option.language}
          dir={option.direction}
          aria-pressed={chosen === at}
          aria-disabled={chosen !== null}
          onClick={() => choose(at)}
        >
          {option.text}
        </button>
      ))}
    </div>
  )
}
