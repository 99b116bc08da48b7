// In:  microphone samples (−1…1) at the sound card's rate, block by block.
// Out: 16 kHz signed 16-bit samples. A windowed-sinc low pass keeps what lies above 8 kHz from folding back. Pure apart from its own tail.

export const RATE = 16_000;
const HALF_WIDTH = 16; // zero crossings on each side

export function openResampler(fromRate) {
  const step = fromRate / RATE;
  const stretch = Math.max(1, step);
  const reach = Math.ceil(HALF_WIDTH * stretch);
  let tail = new Float32Array(reach); // silence before the first sample
  let position = reach; // of the next output sample, within tail + block

  return function resample(block) {
    const input = new Float32Array(tail.length + block.length);
    input.set(tail);
    input.set(block, tail.length);
    const out = [];
    for (; position + reach < input.length; position += step) out.push(toInt16(at(input, position)));
    const keepFrom = Math.max(0, Math.floor(position) - reach);
    tail = input.slice(keepFrom);
    position -= keepFrom;
    return Int16Array.from(out);
  };

  function at(input, centre) {
    let sum = 0;
    let weight = 0;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(input.length - 1, Math.floor(centre + reach));
    for (let sample = first; sample <= last; sample += 1) {
      const distance = (sample - centre) / stretch;
      const tap = sinc(distance) * (0.5 + 0.5 * Math.cos((Math.PI * distance) / (HALF_WIDTH + 1)));
      sum += input[sample] * tap;
      weight += tap;
    }
    return sum / weight;
  }
}

const sinc = (x) => (Math.abs(x) < 1e-6 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const toInt16 = (x) => Math.max(-32768, Math.min(32767, Math.round(x * 32767)));
