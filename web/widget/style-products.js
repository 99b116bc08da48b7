// In: nothing. Out: CSS of the product cards.

export default `
.cards-frame { position: relative; margin: 0 -16px; }
.cards { display: flex; gap: 10px; overflow-x: auto; padding: 3px 16px 6px; scroll-snap-type: x proximity; scroll-padding: 0 16px; scrollbar-width: none; }
.cards::-webkit-scrollbar { display: none; }
.cards li { flex: none; width: 162px; scroll-snap-align: start; display: flex; }
.card { flex: 1; display: flex; flex-direction: column; gap: 4px; min-width: 0; padding-bottom: 12px; border-radius: 16px; border: 1px solid var(--line); background: var(--raise); color: inherit; text-decoration: none; overflow: hidden; transition: border-color .15s, transform .15s; animation: deal .3s cubic-bezier(.2, .8, .3, 1) backwards; }
.cards li:nth-child(2) .card { animation-delay: .04s; }
.cards li:nth-child(3) .card { animation-delay: .08s; }
@keyframes deal { from { opacity: 0; transform: translateX(14px); } }
.card:hover { border-color: var(--accent); }
.card:focus-visible { outline-offset: 1px; }
.card > :not(.picture) { margin: 0 12px; }
.picture { display: block; aspect-ratio: 10 / 9; margin-bottom: 6px; background: #eef1ee; overflow: hidden; }
.root[data-mode=dark] .picture { background: #26302d; }
.picture img { display: block; width: 100%; height: 100%; object-fit: cover; }
.picture.missing { background: repeating-linear-gradient(135deg, var(--tint) 0 10px, transparent 10px 20px), var(--ground); }
.card-title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; font-size: 14px; font-weight: 550; line-height: 1.4; min-height: 2.8em; overflow-wrap: anywhere; }
.card-price { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 7px; font-variant-numeric: tabular-nums; }
.card-price strong { font-size: 16.5px; font-weight: 680; }
.card-price del { font-size: 13px; }
.stock { display: flex; align-items: center; gap: 6px; font-size: 12.5px; color: var(--faint); }
.stock::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: currentColor; }
.stock[data-stock=in_stock] { color: var(--good); }
.stock[data-stock=out_of_stock] { color: var(--bad); }
.stock[data-stock=preorder], .stock[data-stock=backorder] { color: var(--warn); }
.why { display: grid; gap: 2px; margin-top: 5px !important; padding-top: 8px; border-top: 1px solid var(--line); font-size: 12.5px; line-height: 1.4; color: var(--faint); }
.why span { position: relative; padding-left: 13px; overflow-wrap: anywhere; }
.why span::before { content: ""; position: absolute; left: 1px; top: .38em; width: 6px; height: 3.5px; border: solid var(--accent); border-width: 0 0 1.6px 1.6px; transform: rotate(-45deg); }
.nudge { position: absolute; top: 72px; transform: translateY(-50%); display: grid; place-items: center; width: 34px; height: 34px; border-radius: 50%; background: var(--paper); color: var(--ink); box-shadow: 0 1px 8px rgb(0 0 0 / .24); opacity: 0; transition: opacity .15s; }
.cards-frame:hover .nudge, .cards-frame:focus-within .nudge { opacity: 1; }
.back { left: 8px; }
.on { right: 8px; }
@media (hover: none) { .nudge { display: none; } }
`;
