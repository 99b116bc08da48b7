// In:  a key and values. Out: the shop's own words in the page's language, and that language.

const WORDS = {
  skip: ["跳到正文", "Skip to the goods"],
  shop_title: ["狮城良品 Merlion Goods", "Merlion Goods 狮城良品"],
  shop: ["狮城良品", "Merlion Goods"],
  shop_other: ["Merlion Goods", "狮城良品"],
  search: ["搜索", "Search"],
  search_placeholder: ["搜商品、品牌、用途", "Search products, brands, uses"],
  switch_language: ["English", "中文"],
  to_dark: ["换成深色", "Dark theme"],
  to_light: ["换成浅色", "Light theme"],
  departments: ["商品分类", "Departments"],
  all: ["全部商品", "All goods"],
  hero_title: ["好东西，问得到。", "Good things. Just ask."],
  hero_more: ["从登山鞋到桂花乌龙，都是我们愿意自己用的。不知道怎么挑？说说用途和预算，导购马上给您看。", "From hiking boots to osmanthus oolong, chosen as if for ourselves. Not sure which? Say what it is for and what you would spend."],
  hero_ask: ["问问导购", "Ask the assistant"],
  hero_browse: ["逛逛全部", "Browse everything"],
  hero_examples: ["试试这样问", "Try asking"],
  example_1: ["想给爸爸买一双防滑的登山鞋，500以内", "A rain jacket that packs small, under 80"],
  example_2: ["送新同事的小礼物，50 以内", "A small gift for a new colleague, under 50"],
  for_you: ["今日推荐", "Picked for today"],
  browse: ["慢慢逛", "Have a look around"],
  see_all: ["查看全部", "See all"],
  results: ["{n} 件商品", "{n} products"],
  results_one: ["1 件商品", "1 product"],
  results_for: ["搜索：{q}", "Search: {q}"],
  filters: ["筛选", "Filters"],
  filters_n: ["筛选（{n}）", "Filters ({n})"],
  clear: ["清除筛选", "Clear filters"],
  without: ["去掉筛选：{name}", "Remove filter: {name}"],
  category: ["分类", "Category"],
  brand: ["品牌", "Brand"],
  color: ["颜色", "Colour"],
  size: ["规格", "Size"],
  person: ["适用", "For"],
  person_male: ["男款", "Men"],
  person_female: ["女款", "Women"],
  person_kids: ["儿童", "Children"],
  price_max: ["最高价", "Price up to"],
  price_any: ["不限", "Any"],
  price_apply: ["应用", "Apply"],
  in_stock_only: ["只看有货", "In stock only"],
  sort: ["排序", "Sort"],
  sort_: ["默认", "Best match"],
  sort_price_asc: ["价格从低到高", "Price, low to high"],
  sort_price_desc: ["价格从高到低", "Price, high to low"],
  sort_rating: ["评分", "Rating"],
  more_values: ["更多", "More"],
  load_more: ["再看 {n} 件", "Show {n} more"],
  nothing: ["没找到合适的", "Nothing fits"],
  nothing_more: ["换个说法、放宽筛选，或者直接问导购。", "Try other words, fewer filters, or ask the assistant."],
  trouble: ["货架暂时打不开", "The shelves will not open"],
  trouble_more: ["连不上商店的服务器，请稍后再试。", "The shop's server cannot be reached. Please try again."],
  retry: ["再试一次", "Try again"],
  gone: ["没有这件商品", "No such product"],
  gone_more: ["可能已经下架了。", "It may have left the shop."],
  in_stock: ["有货", "In stock"],
  low_stock: ["仅剩 {n} 件", "Only {n} left"],
  out_of_stock: ["缺货", "Out of stock"],
  preorder: ["可预订", "Pre-order"],
  backorder: ["需调货", "On back-order"],
  sale: ["特价", "Sale"],
  was: ["原价", "Was"],
  now: ["现价", "Now"],
  ask_product: ["问问这件商品", "Ask about this product"],
  ask_hint: ["尺码、材质、和别的比一比，都可以问", "Size, material, how it compares: ask anything"],
  highlights: ["亮点", "Why we like it"],
  details: ["参数", "Details"],
  material: ["材质", "Material"],
  reviews: ["顾客评价", "Reviews"],
  no_reviews: ["还没有评价", "No reviews yet"],
  stars: ["{n} 分，满分 5 分", "{n} out of 5"],
  similar: ["看看类似的", "You may also like"],
  home: ["首页", "Home"],
  foot_about: ["狮城良品是一家演示商店：品牌与商品均为虚构，价格以新元计。", "Merlion Goods is a demonstration shop: brands and products are invented, prices are in Singapore dollars."],
  foot_private: ["导购在本店自己的服务器上运行。", "The assistant runs on the shop's own server."],
};

let current = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
export const language = () => current;
export const locale = () => (current === "zh" ? "zh-CN" : "en-SG");

export function rememberLanguage(next) {
  current = next;
  keep("merlion language", next);
}

export function t(key, values = {}) {
  const text = WORDS[key]?.[current === "zh" ? 0 : 1] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not kept: the next visit starts from the browser's settings.
  }
}
