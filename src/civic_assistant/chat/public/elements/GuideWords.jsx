/* The guide's own terms in what is quoted, and what they are called in the citizen's language.
   The props are described in civic_assistant/chat/guide_words.py. */
import { useId } from "react"

export default function GuideWords() {
  const heading = useId()
  return (
    <div className="civic-words" lang={props.spoken} dir={props.direction}>
      <p id={heading}>{props.heading}</p>
      <dl aria-labelledby={heading}>
        {props.words.map((word, at) => (
          <div key={at}>
            <dt>
              <bdi lang={props.termLanguage} dir={props.termDirection}>{word.term}</bdi>
            </dt>
            <dd>{word.name}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
