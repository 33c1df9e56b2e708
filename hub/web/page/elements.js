// Makes elements. Text only ever becomes text: names of files and messages come from outside.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function state(word) {
  return element("span", { class: "state", "data-state": word }, word.replaceAll("_", " "));
}

// Shows `items` in `list`, in their order. Elements of items that are as before stay what they
// are, so that focus and pictures are kept.
export function show(list, items, keyOf, make) {
  const shown = new Map([...list.children].map((child) => [child.dataset.key, child]));
  list.replaceChildren(
    ...items.map((item) => {
      const key = String(keyOf(item));
      const content = JSON.stringify(item);
      const known = shown.get(key);
      if (known?.content === content) return known;
      const made = make(item);
      made.dataset.key = key;
      made.content = content;
      return made;
    }),
  );
}

export function moment(text) {
  const time = new Date(text);
  const today = time.toDateString() === new Date().toDateString();
  const options = today ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" };
  const words = new Intl.DateTimeFormat("en-GB", options).format(time);
  return element("time", { datetime: text, title: time.toString() }, words);
}

export function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(count) {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, count)) / 10));
  const digits = power > 2 ? 1 : 0;
  return `${(count / 1024 ** power).toFixed(digits)} ${["bytes", "KiB", "MiB", "GiB", "TiB"][power]}`;
}
