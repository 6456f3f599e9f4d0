// One item: its cells below or beside each other. Whatever stands in them is text, or a picture
// from the file itself or from beside it.

const isPicture = (source) => /^data:image\/[a-z0-9.+-]+[;,]/i.test(source) ||
  !/^[/\\]|^[a-z][a-z0-9+.-]*:|\\/i.test(source);

const pictureNode = (source, name) => {
  if (!isPicture(source)) return make("p", { class: "missing" }, "This picture is not shown.");
  const node = make("img", { src: source, alt: name });
  node.addEventListener("error", () => {
    node.replaceWith(make("p", { class: "missing" }, source.startsWith("data:")
      ? "This picture cannot be shown."
      : `The picture ${source} is not beside this page.`));
  });
  return node;
};

const cellNodes = (value, kind, name) => {
  if (value === null) return [make("p", { class: "missing" }, "(empty)")];
  if (kind === "image") return [pictureNode(value, name)];
  if (kind === "markdown") return markdownNodes(value);
  return [make("p", { class: "plain", dir: "auto" }, value)];
};

const cellNode = (value, column, named) => make("section", { class: "cell" },
  named ? make("h3", { dir: "auto" }, column.name) : null,
  make("div", { class: "content" }, ...cellNodes(value, column.kind, column.name)));

// What judges said comes last, and only on pages that are not blind.
const judgedNode = (item, data) => {
  if (data.judges.length === 0) return null;
  return make("section", { class: "cell judged" }, make("h3", {}, "Judges"),
    make("ul", {}, ...data.judges.map((judge, k) => make("li", {},
      `${judge}: ${item.judged[k] ?? "(none)"}`))));
};

const itemNode = (item, data) => {
  const named = data.columns.length > 1;
  return make("div", { class: `cells ${data.layout}` },
    ...data.columns.map((column, k) => cellNode(item.cells[k], column, named)),
    judgedNode(item, data));
};
