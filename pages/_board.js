// Shows ready HTML and follows its links inside the running session: a plain click is told to the
// server; with a modifier key, or without this script, the link works like any other.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".board")
  root.innerHTML = data.html
  root.onclick = (event) => {
    if (event.target.closest("[data-print]")) return window.print()
    const link = event.target.closest("a[href]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    setTriggerValue("go", link.getAttribute("href"))
  }
}
