/* A cited source: where it stands, and the quoted sentences marked in their context.
   The props are described in civic_assistant/chat/sources.py. */
export default function SourceCard() {
  const { labels } = props
  const pieces = (cell) =>
    cell.map((piece, at) => (piece.marked ? <mark key={at}>{piece.text}</mark> : piece.text))
  const outside = { target: "_blank", rel: "noopener noreferrer" }

  const Group = ({ group }) => {
    if (group.kind === "list")
      return <ul>{group.rows.map((row, at) => <li key={at}>{pieces(row[0] || [])}</li>)}</ul>
    if (group.kind === "table")
      return (
        <table>
          {group.header.length > 0 && (
            <thead>
              <tr>{group.header.map((cell, at) => <th key={at} scope="col">{pieces(cell)}</th>)}</tr>
            </thead>
          )}
          <tbody>
            {group.rows.map((row, at) => (
              <tr key={at}>{row.map((cell, column) => <td key={column}>{pieces(cell)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      )
    return group.rows.map((row, at) => <p key={at}>{pieces(row[0] || [])}</p>)
  }

  return (
    <article
      className="civic-source"
      id={props.anchor}
      lang={props.spoken}
      dir={props.spoken_direction}
      data-lang={props.language}
      data-dir={props.direction}
      aria-label={`${labels.source} ${props.number}: ${props.title}`}
    >
      <div className="civic-source-head">
        <span className="civic-number" aria-hidden="true">{props.number}</span>
        <div>
          <p className="civic-source-title" lang={props.language} dir={props.direction}>
            {props.title}
          </p>
          {props.place && (
            <p lang={props.language} dir={props.direction}>{props.place}</p>
          )}
          {props.situation && (
            <p>
              <strong>{labels.situation}</strong> <bdi lang={props.language}>{props.situation}</bdi>
            </p>
          )}
          <p className="civic-source-facts">
            {[props.department, props.updated].filter(Boolean).map((fact, at) => (
              <span key={at}>{fact}</span>
            ))}
          </p>
        </div>
      </div>
      {props.notes.map((note, at) => <p className="civic-note" key={at}>{note}</p>)}
      <details>
        <summary>{labels.context}</summary>
        <div className="civic-passage" lang={props.language} dir={props.direction}>
          {props.groups.map((group, at) => <Group group={group} key={at} />)}
        </div>
      </details>
      <p className="civic-links">
        {props.address && (
          <a href={props.address} {...outside}>
            {labels.official}<span className="civic-hidden"> ({labels.newWindow})</span>
          </a>
        )}
        {props.document && (
          <a href={props.document} {...outside}>
            {labels.original}<span className="civic-hidden"> ({labels.newWindow})</span>
          </a>
        )}
      </p>
      {props.attribution && (
        <p className="civic-attribution">
          <strong>{labels.attribution}</strong> <bdi>{props.attribution}</bdi>
        </p>
      )}
    </article>
  )
}
