// Markdown-light: headings, lists, quotes, code, bold, italics. Links are shown, not made: nothing
// here can be followed by accident. Very long texts stay as they are.

const markdownLimit = 100000;
const markLimit = 1000; // in one paragraph: browsers lay out more of them in quadratic time
const inlineMarks = new RegExp([
  /\*\*([^*\n]{1,500})\*\*/, /\*([^*\s][^*\n]{0,499})\*/, /`([^`\n]{1,500})`/,
  /\[([^\]\n]{1,300})\]\(([^)\n]{1,300})\)/,
].map((mark) => mark.source).join("|"), "g");

const inlineNodes = (text) => {
  const matches = [...text.matchAll(inlineMarks)];
  if (matches.length > markLimit) return [text];
  const nodes = [];
  let from = 0;
  for (const match of matches) {
    const [whole, bold, italic, code, label, target] = match;
    nodes.push(text.slice(from, match.index));
    if (bold !== undefined) nodes.push(make("strong", {}, bold));
    else if (italic !== undefined) nodes.push(make("em", {}, italic));
    else if (code !== undefined) nodes.push(make("code", {}, code));
    else nodes.push(`${label} (${target})`);
    from = match.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes;
};

// What a line begins; the rest of it is its text.
const lineKinds = [
  ["heading", /^#{1,6}\s+(.*)$/], ["quote", /^>\s?(.*)$/], ["bullet", /^\s*[-*+]\s+(.*)$/],
  ["number", /^\s*\d{1,9}[.)]\s+(.*)$/], ["blank", /^\s*()$/], ["text", /^(.*)$/],
];
const readLine = (line) => {
  const [kind, pattern] = lineKinds.find((entry) => entry[1].test(line));
  return { kind, text: line.match(pattern)[1] };
};

const blockOf = {
  heading: (lines) => make("p", { class: "heading" }, ...inlineNodes(lines.join(" "))),
  quote: (lines) => make("blockquote", { dir: "auto" }, ...inlineNodes(lines.join("\n"))),
  bullet: (lines) => make("ul", {}, ...lines.map((line) => make("li", {}, ...inlineNodes(line)))),
  number: (lines) => make("ol", {}, ...lines.map((line) => make("li", {}, ...inlineNodes(line)))),
  text: (lines) => make("p", { dir: "auto" }, ...inlineNodes(lines.join("\n"))),
  code: (lines) => make("pre", { dir: "ltr" }, lines.join("\n")),
  blank: () => null,
};

// Neighbouring lines of a kind make a block; between fences everything is code.
const markdownBlocks = (text) => {
  const blocks = [];
  let fenced = false;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const fence = /^\s*```/.test(line);
    const { kind, text: rest } = fenced ? { kind: "code", text: line } : readLine(line);
    const last = blocks[blocks.length - 1];
    if (fence) {
      fenced = !fenced;
      if (fenced) blocks.push({ kind: "code", lines: [] });
    } else if (last && last.kind === kind && kind !== "heading") last.lines.push(rest);
    else blocks.push({ kind, lines: [rest] });
  }
  return blocks;
};

const markdownNodes = (text) => {
  const plain = [make("p", { dir: "auto" }, text)];
  if (text.length > markdownLimit) return plain;
  const blocks = markdownBlocks(text);
  if (blocks.length > markLimit) return plain;
  return blocks.map((block) => blockOf[block.kind](block.lines))
    .filter((node) => node !== null);
};
