/* In which language staff wrote the reply above, when it is not the page's. The props are described
   in civic_assistant/chat/checked.py. */
export default function CheckedReply() {
  return (
    <p
      className="civic-checked"
      id={props.anchor}
      lang={props.spoken}
      dir={props.spoken_direction}
      data-lang={props.language}
      data-dir={props.direction}
      aria-label={props.note}
      tabIndex={-1}
    >
      {props.note}
    </p>
  )
}
