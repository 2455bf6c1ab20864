/* Leaves a question for a person. Everything is checked again by the server, whose answer names
   what is wrong by field. The props are described in civic_assistant/chat/contact_form.py. */
import { useEffect, useRef, useState } from "react"

export default function ContactForm() {
  const { labels } = props
  const [state, setState] = useState("open")
  const [problems, setProblems] = useState({})
  const form = useRef(null)
  const prefix = useRef(`contact-${Math.random().toString(36).slice(2)}`).current

  useEffect(() => {
    if (state === "open") form.current?.querySelector("textarea").focus()
  }, [])

  const send = async (event) => {
    event.preventDefault()
    const fields = new FormData(form.current)
    const payload = Object.fromEntries(["question", "contact", "name"].map((n) => [n, fields.get(n)]))
    payload.consent = fields.get("consent") === "yes"
    setState("sending")
    let answer = null
    try {
      answer = (await callAction({ name: "leave_contact", payload })).response
    } catch {}
    if (answer && answer.number) {
      window.civic.focusInput()
      return setState("sent")
    }
    const wrong = answer && !answer.failed ? answer.problems : { send: labels.notSaved }
    setProblems(wrong)
    setState("open")
    const first = ["question", "contact", "name", "consent"].find((name) => wrong[name])
    if (first) setTimeout(() => form.current?.elements[first].focus(), 0)
  }
  const cancel = async () => {
    setState("gone")
    try {
      await callAction({ name: "cancel_contact", payload: {} })
    } catch {}
    window.civic.focusInput()
  }

  if (state === "sent" || state === "gone") return null

  const described = (name) => ({
    id: `${prefix}-${name}`,
    name,
    "aria-invalid": problems[name] ? "true" : undefined,
    "aria-describedby": problems[name] ? `${prefix}-${name}-problem` : undefined,
  })
  const problem = (name) =>
    problems[name] && <p className="civic-problem" id={`${prefix}-${name}-problem`}>{problems[name]}</p>

  return (
    <section className="civic-form" lang={props.language} dir={props.direction} aria-labelledby={`${prefix}-heading`}>
      <form ref={form} onSubmit={send} noValidate>
        <h2 id={`${prefix}-heading`}>{labels.heading}</h2>
        <p>{labels.explanation}</p>
        <label htmlFor={`${prefix}-question`}>{labels.message}</label>
        <textarea {...described("question")} dir="auto" rows={4} required maxLength={props.questionLength} defaultValue={props.question} />
        {problem("question")}
        <label htmlFor={`${prefix}-contact`}>{labels.contact}</label>
        <input {...described("contact")} dir="auto" required autoComplete="email" maxLength={props.contactLength} />
        {problem("contact")}
        <label htmlFor={`${prefix}-name`}>{labels.name}</label>
        <input {...described("name")} dir="auto" autoComplete="name" maxLength={props.nameLength} />
        {problem("name")}
        <div className="civic-consent">
          <input type="checkbox" value="yes" required {...described("consent")} />
          <label htmlFor={`${prefix}-consent`}>{labels.consent}</label>
        </div>
        {problem("consent")}
        <div role="alert">{problem("send")}</div>
        <div className="civic-buttons">
          <button type="submit" className="civic-primary" disabled={state === "sending"}>{labels.send}</button>
          <button type="button" onClick={cancel} disabled={state === "sending"}>{labels.cancel}</button>
        </div>
      </form>
    </section>
  )
}
