// Shows the OpenAPI description. All that it says is put in as text, never as HTML.

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function code(text) {
  return element("code", { textContent: text });
}

// A schema in short: `{run: Run, outputs: [Output]}`.
function words(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(words).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `[${words(schema.items ?? {})}]`;
  if (schema.properties) {
    const fields = Object.entries(schema.properties);
    return `{${fields.map(([name, inner]) => `${name}: ${words(inner)}`).join(", ")}}`;
  }
  return schema.format ?? schema.type ?? "anything";
}

function bodies(title, content) {
  const lines = Object.entries(content ?? {}).map(([media, { schema }]) =>
    media === "application/json" ? words(schema) : media,
  );
  return element("tr", {}, element("th", { textContent: title }), element("td", {}, code(lines.join("  or  "))));
}

function parameter(given) {
  const name = element("th", { textContent: given.name });
  return element("tr", {}, name, element("td", {}, code(words(given.schema)), ` in ${given.in}`));
}

function operation(method, path, told) {
  const answers = Object.entries(told.responses).map(([status, answer]) => bodies(status, answer.content));
  return element(
    "details",
    {},
    element("summary", {}, code(method.toUpperCase()), code(path), element("span", { textContent: told.summary })),
    element("p", { textContent: told.description }),
    told["x-scope"] ? element("p", { textContent: `Needs the scope ${told["x-scope"]}.` }) : null,
    element(
      "table",
      {},
      ...told.parameters.map(parameter),
      told.requestBody ? bodies("body", told.requestBody.content) : null,
      ...answers,
    ),
  );
}

function schema(name, told) {
  return element(
    "details",
    { id: name },
    element("summary", {}, code(name), element("span", { textContent: told.description ?? "" })),
    element("pre", { textContent: JSON.stringify(told, null, 2) }),
  );
}

function show(description) {
  const list = document.getElementById("operations");
  for (const [path, methods] of Object.entries(description.paths))
    for (const method of METHODS.filter((each) => methods[each]))
      list.append(operation(method, path, methods[method]));
  for (const [name, told] of Object.entries(description.components.schemas)) list.append(schema(name, told));
}

document.getElementById("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const each of document.querySelectorAll("details"))
    each.hidden = !each.firstElementChild.textContent.toLowerCase().includes(wanted);
});

const answer = await fetch("openapi.json");
if (answer.ok) show(await answer.json());
else {
  const problem = document.getElementById("problem");
  problem.textContent = `The description could not be read (${answer.status}). Log in on the page first.`;
  problem.hidden = false;
}
