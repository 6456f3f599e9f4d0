// Elements are made of nodes and text only. Nothing on this page reads text as HTML, so an item
// cannot bring elements of its own.

const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

const byId = (id) => document.getElementById(id);

const say = (text) => { byId("said").textContent = text; };

const counted = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
