// In:  a colour as the catalogue writes it, in English or Chinese. Out: its swatch and its name in the page's language.

import { language } from "./words.js";

const COLORS = [
  ["black", "黑色", "#26282b"], ["white", "白色", "#fbfbf8"], ["grey", "灰色", "#8f9698"], ["charcoal", "炭灰", "#43484d"],
  ["navy", "藏青", "#22345a"], ["blue", "蓝色", "#3169b3"], ["light blue", "浅蓝", "#9cc4e4"], ["teal", "青色", "#23807c"],
  ["green", "绿色", "#2f7a4e"], ["mint", "薄荷绿", "#a8dcc4"], ["olive", "橄榄绿", "#6c7a3a"], ["khaki", "卡其", "#b5a273"],
  ["beige", "米色", "#e2d3b5"], ["cream", "奶油白", "#f6eed9"], ["brown", "棕色", "#85573a"], ["red", "红色", "#b8322a"],
  ["burgundy", "酒红", "#74263a"], ["coral", "珊瑚色", "#ea7d64"], ["pink", "粉色", "#eeb0c0"], ["purple", "紫色", "#74509f"],
  ["lavender", "薰衣草紫", "#c5b6e3"], ["orange", "橙色", "#e07f28"], ["yellow", "黄色", "#ecc33e"], ["gold", "金色", "#c9a044"],
  ["silver", "银色", "#c3c8cc"], ["rose gold", "玫瑰金", "#dba995"], ["clear", "透明", "linear-gradient(135deg,#fff 45%,#cfd8dc 45% 55%,#fff 55%)"],
  ["multicolour", "多色", "conic-gradient(#b8322a,#ecc33e,#2f7a4e,#3169b3,#74509f,#b8322a)"],
];
const known = new Map(COLORS.flatMap((color) => [[color[0], color], [color[1], color]]));

export function colorName(value) {
  const color = known.get(String(value).toLowerCase());
  if (color) return language() === "zh" ? color[1] : color[0][0].toUpperCase() + color[0].slice(1);
  return String(value);
}

export const isKnown = (value) => known.has(String(value).toLowerCase());

export const swatch = (value) => known.get(String(value).toLowerCase())?.[2] ?? "repeating-linear-gradient(45deg,#ccc 0 4px,#eee 4px 8px)";
