// Says, while a name, title or address is typed, what there is already that may be the same.
{
  const PAUSE_MILLISECONDS = 300;
  const section = document.getElementById("twins");
  const { address, without, columns } = section.dataset;
  const fields = columns
    .split(" ")
    .map((name) => document.getElementById(`id_${name}`))
    .filter(Boolean);
  const list = section.querySelector("ul");
  let asked = 0;
  let waiting;

  const lineOf = (twin) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    Object.assign(link, { href: twin.address, textContent: twin.text });
    line.append(link);
    return line;
  };

  const ask = async () => {
    const number = (asked += 1);
    const typed = fields.map((field) => [field.name, field.value]);
    const query = new URLSearchParams([...typed, ["without", without]]);
    try {
      const answer = await fetch(`${address}?${query}`, { redirect: "error" });
      if (!answer.ok || number !== asked) {
        return;
      }
      const { twins } = await answer.json();
      list.replaceChildren(...twins.map(lineOf));
      section.hidden = twins.length === 0;
    } catch {
      // Offline or signed out: what was shown stays, and saving says the same.
    }
  };

  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE_MILLISECONDS);
    });
  }
}
