// In:  the server's address. Out: a small store of JSON values that outlives a reload.
// Each key is its own localStorage entry, so two tabs never overwrite each other's messages.
// Where localStorage is refused (private windows, sandboxed frames) the values live as long as the page.

export function openStorage(server) {
  const prefix = `daogou ${server} `;
  const backing = reachable() ?? memory();
  return {
    get(key) {
      try {
        return JSON.parse(backing.getItem(prefix + key));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        backing.setItem(prefix + key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    remove(key) {
      backing.removeItem(prefix + key);
    },
    keys(start) {
      const found = [];
      for (let at = 0; at < backing.length; at += 1) {
        const key = backing.key(at);
        if (key.startsWith(prefix + start)) found.push(key.slice(prefix.length));
      }
      return found;
    },
  };
}

function reachable() {
  try {
    const probe = "daogou probe";
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return null;
  }
}

function memory() {
  const held = new Map();
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => held.set(key, value),
    removeItem: (key) => held.delete(key),
    key: (at) => [...held.keys()][at],
    get length() {
      return held.size;
    },
  };
}
