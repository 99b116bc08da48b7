// In:  a picture file the shopper chose. Out: a JPEG of at most 1600 px, a small preview, and the upload's id.

const LONGEST_SIDE = 1600;
const PREVIEW_SIDE = 240;
const KEPT_PREVIEWS = 12;

/** → {blob, preview}: the JPEG to send and a data URL to show. Throws when the file is no picture the browser can read. */
export async function prepare(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const large = draw(bitmap, LONGEST_SIDE);
    const blob = await new Promise((done) => large.toBlob(done, "image/jpeg", 0.86));
    if (!blob) throw new Error("the picture could not be encoded");
    return { blob, preview: draw(bitmap, PREVIEW_SIDE).toDataURL("image/jpeg", 0.7) };
  } finally {
    bitmap.close();
  }
}

/** POST /v1/uploads → the upload's id. Throws {code} as the server names it, or "offline". */
export async function upload(server, blob) {
  const form = new FormData();
  form.append("file", blob, "photo.jpg");
  let response;
  try {
    response = await fetch(new URL("v1/uploads", server), { method: "POST", body: form });
  } catch {
    throw Object.assign(new Error("upload did not reach the server"), { code: "offline" });
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok || !body.id) throw Object.assign(new Error("upload refused"), { code: body.code ?? String(response.status) });
  return body.id;
}

/** Previews by upload id, so that photos are still seen after a reload. The oldest give way. */
export function keepPreview(storage, id, preview) {
  const order = (storage.get("previews") ?? []).filter((other) => other !== id);
  for (const old of order.splice(0, Math.max(0, order.length + 1 - KEPT_PREVIEWS))) storage.remove(`preview ${old}`);
  if (storage.set(`preview ${id}`, preview)) storage.set("previews", [...order, id]);
}

export const previewOf = (storage, id) => storage.get(`preview ${id}`);

function draw(bitmap, longest) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff"; // JPEG has no transparency; a cut-out product stands on white.
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
