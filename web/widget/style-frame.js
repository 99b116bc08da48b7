// In: nothing. Out: CSS of the tokens, the launcher, the panel and its head. --daogou-accent on the page changes the colour.

export default `
:host { all: initial; }
.root {
  --accent: var(--daogou-accent, #0e5a4b); --on-accent: #fff; --tint: #e3efeb;
  --paper: #fff; --ground: #f4f6f3; --raise: #fff; --ink: #17211e; --faint: #5a6661; --line: #dce2de;
  --good: #17683f; --warn: #8a5200; --bad: #a52a1c; --note: #fdf3df;
  --shadow: 0 1px 2px rgb(15 30 25 / .08), 0 16px 48px rgb(15 30 25 / .2);
  font: 400 15px/1.55 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
  color: var(--ink); -webkit-font-smoothing: antialiased; color-scheme: light;
}
.root[data-mode=dark] {
  --accent: var(--daogou-accent-dark, #6fd0b4); --on-accent: #07231c; --tint: #1d3a33;
  --paper: #151b19; --ground: #101514; --raise: #1d2522; --ink: #ecf1ee; --faint: #a0aea8; --line: #2f3a36;
  --good: #7fd6a4; --warn: #f0bd6c; --bad: #ff9c8c; --note: #33290f;
  --shadow: 0 0 0 1px rgb(255 255 255 / .06), 0 16px 48px rgb(0 0 0 / .6);
  color-scheme: dark;
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2, h3, ul { margin: 0; padding: 0; }
ul { list-style: none; }
button, input, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
::placeholder { color: var(--faint); opacity: 1; }
button { border: 0; background: none; padding: 0; cursor: pointer; }
button:disabled { cursor: default; }
:focus { outline: none; }
:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.faint { color: var(--faint); }

.launcher {
  position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
  display: flex; align-items: center; gap: 9px; height: 54px; padding: 0 20px 0 17px; border-radius: 27px;
  background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: var(--shadow); transition: transform .18s ease, opacity .18s ease;
}
.launcher:hover { transform: translateY(-2px); }
.launcher:active { transform: translateY(0); }
.launcher:focus-visible { outline-offset: 3px; outline-color: var(--ink); }
.badge {
  position: absolute; top: -5px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
  background: #b3261e; color: #fff; font-size: 13px; line-height: 22px; text-align: center; box-shadow: 0 0 0 2px var(--paper);
}
.open .launcher { opacity: 0; pointer-events: none; visibility: hidden; }

.panel {
  position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
  display: flex; flex-direction: column; width: min(412px, calc(100vw - 40px)); height: min(840px, calc(100dvh - 40px));
  background: var(--ground); border-radius: 20px; box-shadow: var(--shadow); overflow: hidden; animation: rise .22s cubic-bezier(.2, .8, .3, 1);
}
@keyframes rise { from { opacity: 0; transform: translateY(16px) scale(.985); } }
@media (max-width: 480px) {
  .panel { inset: var(--seen-top, 0) 0 auto 0; width: 100%; height: var(--seen-height, 100dvh); border-radius: 0; padding-top: env(safe-area-inset-top); box-shadow: none; }
  .launcher-word { display: none; }
  .launcher { width: 56px; height: 56px; padding: 0; border-radius: 28px; justify-content: center; }
}

.head { display: flex; align-items: center; gap: 4px; padding: 12px 10px 12px 16px; background: var(--paper); border-bottom: 1px solid var(--line); }
.mark { display: grid; place-items: center; width: 38px; height: 38px; margin-right: 8px; border-radius: 12px; background: var(--accent); color: var(--on-accent); font-size: 18px; font-weight: 600; }
.who { flex: 1; min-width: 0; }
.who h2 { font-size: 16px; font-weight: 650; line-height: 1.3; }
.status { display: flex; align-items: center; gap: 6px; color: var(--faint); font-size: 13px; line-height: 1.4; }
.status-words { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: #9aa5a0; }
.dot.ready { background: #2f9e68; }
.dot.waiting, .dot.connecting { background: #d28a1d; }
.icon { flex: none; display: grid; place-items: center; width: 40px; height: 40px; border-radius: 12px; color: var(--faint); font-size: 14px; font-weight: 600; transition: background .15s, color .15s; }
.icon:hover { background: var(--tint); color: var(--ink); }

.banner, .notice, .about { display: flex; align-items: center; gap: 10px; padding: 9px 16px; font-size: 13.5px; line-height: 1.45; }
.banner { background: var(--note); color: var(--warn); }
.notice { background: var(--note); color: var(--warn); border-top: 1px solid var(--line); }
.banner > span, .notice > span, .about > span { flex: 1; min-width: 0; }
.about { margin: 0 12px; padding: 2px 4px 2px 14px; border-radius: 12px; background: var(--tint); color: var(--ink); }
.about > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.about .icon { width: 32px; height: 32px; }
.link { flex: none; color: inherit; font-weight: 600; text-decoration: underline; text-underline-offset: 3px; border-radius: 4px; min-height: 24px; }

@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation-duration: .01ms !important; animation-iteration-count: 1 !important; transition-duration: .01ms !important; }
}
@media (forced-colors: active) {
  .launcher, .panel, .bubble, .card, .send { border: 1px solid; }
}
`;
