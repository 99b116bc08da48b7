// In:  frames the shopper has sent. Out: the same frames, oldest first, until the server has acknowledged them.
// A frame keeps the id it was born with, so sending it twice is harmless: the server accepts an id once.
// Text frames survive a reload in storage; voice recordings are held in memory only (they are large and private).

export function openOutbox(storage) {
  const recordings = new Map();
  return {
    /** `note` is what the page needs to show the message again: {label?, previews?}. */
    put(frame, note = {}) {
      storage.set(`out ${frame.id}`, { frame, note, at: Date.now() });
    },
    putRecording(id, chunks) {
      recordings.set(id, { id, chunks, at: Date.now() });
    },
    settle(id) {
      recordings.delete(id);
      storage.remove(`out ${id}`);
    },
    has(id) {
      return recordings.has(id) || storage.get(`out ${id}`) !== null;
    },
    frames() {
      return storage
        .keys("out ")
        .map((key) => storage.get(key))
        .filter((item) => item?.frame?.id)
        .sort((a, b) => a.at - b.at);
    },
    recordings() {
      return [...recordings.values()];
    },
    clear() {
      recordings.clear();
      for (const key of storage.keys("out ")) storage.remove(key);
    },
  };
}
