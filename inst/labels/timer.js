// Seconds an item has been looked at: time behind another tab or a locked screen does not count.

const makeTimer = () => {
  let seconds = 0;
  let since = null;
  const now = () => performance.now() / 1000;
  const read = () => seconds + (since === null ? 0 : now() - since);
  const follow = () => {
    seconds = read();
    since = document.hidden ? null : now();
  };
  document.addEventListener("visibilitychange", follow);
  return {
    read,
    restart: (from) => {
      seconds = from;
      since = document.hidden ? null : now();
    },
  };
};
