/* Shows nothing: says that the answer it belongs to says another one in plain language, so that the
   other one's button goes (SayPlainly.jsx). */
import { useEffect, useRef } from "react"

export default function SaidPlainly() {
  const mark = useRef(null)
  useEffect(() => {
    ;(window.civic.saidPlainly ??= new Map()).set(props.turn, mark.current)
    dispatchEvent(new Event("civic-said-plainly"))
  }, [])
  return <span ref={mark} hidden />
}
