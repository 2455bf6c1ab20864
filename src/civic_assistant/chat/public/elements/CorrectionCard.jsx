/* A correction of the town hall: of which guide, from when to when, in which language.
   The props are described in civic_assistant/chat/corrections.py. */
export default function CorrectionCard() {
  return (
    <article
      className="civic-source civic-correction"
      id={props.anchor}
      lang={props.spoken}
      dir={props.spoken_direction}
      data-lang={props.language}
      data-dir={props.direction}
      aria-label={`${props.title} ${props.mark}`}
      tabIndex={-1}
    >
      <div className="civic-source-head">
        <span className="civic-number" aria-hidden="true">{props.mark}</span>
        <div>
          <p className="civic-source-title">{props.holds}</p>
          <p>{props.guide}</p>
        </div>
      </div>
      {props.notes.map((note, at) => <p className="civic-note" key={at}>{note}</p>)}
    </article>
  )
}
