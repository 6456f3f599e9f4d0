// The browser's storage, one entry per item: an answer costs one small write, and two tabs never
// overwrite each other's items. What cannot be written is kept here and tried again with the next.

const openStore = (prefix) => {
  const unsaved = new Map();
  let trouble = null;

  const area = () => window.localStorage; // the mere look at it throws where it is forbidden

  const write = (key, text) => {
    if (text === null) area().removeItem(prefix + key);
    else area().setItem(prefix + key, text);
  };

  const tellTrouble = (error) => {
    const full = error.name === "QuotaExceededError" || error.name === "NS_ERROR_DOM_QUOTA_REACHED";
    trouble = full ? "full" : "closed";
  };

  const flush = () => {
    trouble = null;
    for (const [key, text] of unsaved) {
      try {
        write(key, text);
        unsaved.delete(key);
      } catch (error) {
        tellTrouble(error);
        return false;
      }
    }
    return true;
  };

  const put = (key, value) => {
    unsaved.set(key, value === null ? null : JSON.stringify(value));
    return flush();
  };

  const parse = (text) => {
    try { return text === null ? null : JSON.parse(text); } catch (error) { return undefined; }
  };

  // `undefined`: there is something, but nothing that this page wrote. `known` is what counts when
  // the store cannot be read.
  const get = (key, known) => {
    if (unsaved.has(key)) return parse(unsaved.get(key));
    try {
      return parse(area().getItem(prefix + key));
    } catch (error) {
      tellTrouble(error);
      return known;
    }
  };

  return { put, get, flush, prefix, unsaved: () => unsaved.size, trouble: () => trouble };
};
