/* The cases that a guide distinguishes, as buttons; the one pressed is the citizen's answer.
   The props are described in civic_assistant/chat/case_choice.py. */
import { useState } from "react"

/* Chainlit follows only what is typed. The chosen words are stored before they are shown. */
const messages = () => document.querySelectorAll('[data-step-type="user_message"]')
const showAnswer = (before, attempts) => {
  const said = messages()
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
  if (said.length > before)
    said[said.length - 1].scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" })
  else if (attempts) setTimeout(showAnswer, 150, before, attempts - 1)
}

export default function CaseChoice() {
  const [chosen, setChosen] = useState(null)

  const choose = async (option) => {
    if (chosen !== null) return
    setChosen(option)
    const before = messages().length
    showAnswer(before, 20)
    let answer = null
    try {
      answer = (await callAction({ name: "choose_case", payload: { turn: props.turn, option } })).response
    } catch {}
    if (answer && answer.failed) setChosen(null)
    else showAnswer(before, 0)
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
