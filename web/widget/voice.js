// In:  the shopper's microphone, while they record. Out: 16 kHz mono s16le chunks of one second, and a level (0…1) to show.
// Nothing leaves the page before the shopper sends: a cancelled recording was never heard by anyone.

import { RATE, openResampler } from "./resample.js";

export const LONGEST_MS = 30_000;
const CHUNK_SAMPLES = RATE;

export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.AudioWorkletNode);

/** Starts at once. `onLevel(level, ms)` is called about 20 times a second, `onFull()` after 30 s. Throws when the microphone is refused. */
export async function record({ onLevel, onFull }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  const context = new AudioContext();
  try {
    await context.audioWorklet.addModule(new URL("./voice-worklet.js", import.meta.url));
  } catch (error) {
    release();
    throw error;
  }
  const resample = openResampler(context.sampleRate);
  const chunks = [];
  let chunk = new Int16Array(CHUNK_SAMPLES);
  let filled = 0;
  let total = 0;
  let over = false;

  const capture = new AudioWorkletNode(context, "daogou-capture", { numberOfInputs: 1, numberOfOutputs: 1, channelCount: 1, channelCountMode: "explicit" });
  capture.port.onmessage = ({ data }) => {
    if (over) return;
    for (const sample of resample(data)) {
      chunk[filled] = sample;
      filled += 1;
      if (filled === CHUNK_SAMPLES) cut();
    }
    total += data.length;
    const ms = (total / context.sampleRate) * 1000;
    onLevel(loudness(data), ms);
    if (ms >= LONGEST_MS) onFull();
  };
  context.createMediaStreamSource(stream).connect(capture);
  capture.connect(context.destination); // the worklet writes nothing: silence, but it keeps the graph running
  await context.resume();

  function cut() {
    chunks.push(littleEndian(chunk.subarray(0, filled)));
    chunk = new Int16Array(CHUNK_SAMPLES);
    filled = 0;
  }

  function release() {
    over = true;
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  }

  return {
    /** → [ArrayBuffer], empty when nothing was recorded. */
    finish() {
      if (filled) cut();
      release();
      return chunks;
    },
    cancel: release,
  };
}

function littleEndian(samples) {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, at) => view.setInt16(at * 2, sample, true));
  return view.buffer;
}

/** Root mean square in decibels, −55 dB → 0, −10 dB → 1. */
function loudness(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length + 1e-9);
  return Math.max(0, Math.min(1, (db + 55) / 45));
}
