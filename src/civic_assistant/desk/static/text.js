// Putting text where staff need it: into the reply, the clipboard, the mail program.

// A list of replies is chosen from first: whoever walks it by keyboard passes all of them.
export function insertFrom(source, area) {
  const text = "value" in source ? source.value : source.textContent;
  if (!area || !text) return;
  area.focus();
  const before = area.value.slice(0, area.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n\n" : "";
  area.setRangeText(`${gap}${text}\n`, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  if (source.matches("select")) source.value = "";
}

export async function copyText(button, source) {
  const text = "value" in source ? source.value : source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    selectAll(source);
    document.execCommand("copy");
  }
  const told = document.createElement("span");
  told.className = "told";
  told.setAttribute("role", "status");
  told.textContent = " ✓";
  button.append(told);
  setTimeout(() => told.remove(), 2000);
}

export function openMail(subject, text) {
  const query = `subject=${encodeURIComponent(subject.value)}&body=${encodeURIComponent(text.value)}`;
  location.href = `mailto:?${query}`;
}

function selectAll(source) {
  if ("select" in source) {
    source.select();
    return;
  }
  const range = document.createRange();
  range.selectNodeContents(source);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
