// Small things that Gradio has no setting for. Nothing here talks to a server.
window.silk = {
  // navigator.clipboard exists on https and on this machine only; elsewhere the old way copies.
  // Returns what the button says next.
  copy: async (text) => {
    if (!text) return "Nothing to copy yet";
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    return "Copied";
  },
  // A link that opens a self-assessment: id and token behind the "#", which no browser sends to a server.
  copyLink: (key) => {
    if (!key) return "Nothing to copy yet";
    const words = new URLSearchParams({ assessment: key.assessment_id, token: key.token });
    return window.silk.copy(`${location.origin}${location.pathname}#${words}`);
  },
  // The key that such a link holds, once; the address bar forgets it, so that it is not shown or shared by chance.
  keyOfLink: () => {
    const words = new URLSearchParams(location.hash.slice(1));
    const [assessment_id, token] = [words.get("assessment"), words.get("token")];
    if (!assessment_id || !token) return null;
    history.replaceState(null, "", location.pathname + location.search);
    [...document.querySelectorAll('[role="tab"]')].find((tab) => tab.textContent.includes("Self-assessment"))?.click();
    return { assessment_id, token };
  },
  // A report is put together in the page, so that no file with a person's answers is left on the server.
  save: (file) => {
    if (!file) return;
    const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: file.type }));
    Object.assign(document.createElement("a"), { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  },
};

// A mark [n] opens its source.
document.addEventListener("click", (event) => {
  const mark = event.target.closest?.("a.silk-mark");
  if (!mark) return;
  const source = document.getElementById(mark.getAttribute("href").slice(1));
  if (!source) return;
  event.preventDefault();
  source.open = true;
  source.querySelector("summary").focus({ preventScroll: true });
  source.scrollIntoView({ block: "nearest", behavior: "smooth" });
});

// Gradio writes a message's whole source, HTML and all, into its label for screen readers; and a new answer is read from
// its top, so the question above it is brought to the top of the log.
new MutationObserver(() => {
  for (const bubble of document.querySelectorAll('[data-testid="bot"], [data-testid="user"]')) {
    const label = bubble.dataset.testid === "bot" ? "Assistant" : "You";
    if (bubble.getAttribute("aria-label") !== label) bubble.setAttribute("aria-label", label);
  }
  for (const log of document.querySelectorAll('[role="log"]')) {
    const questions = log.querySelectorAll('[data-testid="user"]');
    const answers = log.querySelectorAll('[data-testid="bot"]');
    if (log.dataset.silkShown === String(answers.length)) continue;
    log.dataset.silkShown = String(answers.length);
    const newest = questions[questions.length - 1];
    requestAnimationFrame(() => {
      if (newest) log.scrollTop += newest.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
      else log.scrollTop = log.scrollHeight; // a greeting ends with the first question
    });
  }
}).observe(document.documentElement, { childList: true, subtree: true });
