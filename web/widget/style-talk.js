// In: nothing. Out: CSS of the log: greeting, messages, replies, decisions, tables, ratings.

export default `
.log-frame { position: relative; flex: 1; min-height: 0; }
.log { position: relative; height: 100%; overflow: hidden auto; padding: 18px 16px 10px; display: flex; flex-direction: column; gap: 16px; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
.log:focus-visible { outline-offset: -3px; }
.below { position: absolute; right: 14px; bottom: 10px; display: grid; place-items: center; width: 38px; height: 38px; border-radius: 50%; background: var(--raise); color: var(--accent); border: 1px solid var(--line); box-shadow: 0 1px 8px rgb(0 0 0 / .18); }
.below:hover { border-color: var(--accent); }

.welcome { margin: auto 0; padding: 8px 2px 14px; }
.welcome-title { font-size: 23px; font-weight: 650; line-height: 1.3; letter-spacing: -.01em; text-wrap: balance; }
.welcome-more { margin-top: 8px; color: var(--faint); text-wrap: pretty; }
.examples { display: grid; gap: 8px; margin-top: 20px; }
.example { width: 100%; padding: 11px 15px; border-radius: 14px; background: var(--raise); border: 1px solid var(--line); text-align: start; transition: border-color .15s; }
.example:hover { border-color: var(--accent); }

.message { display: flex; flex-direction: column; align-items: flex-start; gap: 4px; max-width: 86%; animation: appear .2s ease; }
.message.mine { align-self: flex-end; align-items: flex-end; }
.bubble { padding: 10px 14px; border-radius: 6px 18px 18px 18px; background: var(--raise); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; text-wrap: pretty; }
.mine .bubble { border-radius: 18px 18px 6px 18px; background: var(--accent); border-color: transparent; color: var(--on-accent); }
.mine.sending .bubble, .mine.failed .bubble { opacity: .78; }
.words svg { margin-right: 5px; vertical-align: -2px; }
.mine .faint { color: inherit; }
.photo { display: block; max-width: 150px; max-height: 150px; margin: 0 -6px 4px; border-radius: 12px; }
.photo:last-child { margin-bottom: 0; }
.hearing-now { display: inline-flex; align-items: center; gap: 8px; }
.hearing-now svg { margin: 0; }
.mine .pulse i { background: currentColor; }
.photo-chip { display: flex; align-items: center; gap: 6px; font-size: 13px; }
.below-message:empty { display: none; }
.meta { display: flex; align-items: center; gap: 5px; padding: 0 4px; font-size: 12.5px; color: var(--faint); }
.meta.bad { color: var(--bad); gap: 10px; }
.handover { align-self: center; display: flex; align-items: center; gap: 6px; padding: 5px 13px; border-radius: 15px; background: var(--tint); font-size: 13px; }

.reply { display: flex; flex-direction: column; gap: 10px; min-width: 0; }
.parts { display: flex; flex-direction: column; gap: 10px; min-width: 0; }
.parts:empty { display: none; }
.prose { max-width: 94%; align-self: flex-start; }
.sentence { animation: appear .25s ease; }
@keyframes appear { from { opacity: 0; } }
.message[data-still], [data-still] .sentence, [data-still] .card { animation: none; }
.claim { font-variant-numeric: tabular-nums; }
.claim.offer { font-weight: 600; }
del { color: var(--faint); font-weight: 400; }
ins { text-decoration: none; font-weight: 650; }
.stage { display: flex; align-items: center; gap: 9px; padding-left: 4px; color: var(--faint); font-size: 14px; }
.pulse { display: flex; gap: 4px; }
.pulse i { width: 6px; height: 6px; border-radius: 50%; background: var(--accent); animation: pulse 1.2s infinite ease-in-out; }
.pulse i:nth-child(2) { animation-delay: .15s; }
.pulse i:nth-child(3) { animation-delay: .3s; }
@keyframes pulse { 0%, 70%, 100% { opacity: .3; } 35% { opacity: 1; } }
.tail:empty { display: none; }
.ending { display: flex; align-items: center; gap: 6px; color: var(--faint); font-size: 13.5px; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; }
.tail .ending + .choices { margin-top: 10px; }
.choice { padding: 6px 13px; border-radius: 18px; background: var(--raise); border: 1.5px solid var(--accent); color: var(--accent); font-size: 13.5px; text-align: start; font-weight: 600; transition: background .15s, color .15s; }
.root[data-mode=light] .choice { color: color-mix(in srgb, var(--accent), black 8%); }
.choice:hover { background: var(--tint); }

.table-frame { max-width: 100%; overflow-x: auto; border: 1px solid var(--line); border-radius: 14px; background: var(--raise); }
table { border-collapse: collapse; min-width: 100%; font-size: 13.5px; line-height: 1.45; }
th, td { padding: 8px 10px; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); min-width: 94px; max-width: 190px; overflow-wrap: break-word; font-variant-numeric: tabular-nums; }
tbody tr:last-child > * { border-bottom: 0; }
thead th, thead td { font-weight: 650; background: var(--tint); }
th[scope=row]::first-letter { text-transform: uppercase; }
th[scope=row] { position: sticky; left: 0; min-width: 72px; font-weight: 500; color: var(--faint); background: var(--raise); }
thead :first-child { position: sticky; left: 0; min-width: 72px; background: var(--tint); }

.proposal, .outcome, .correction { padding: 14px 16px; border-radius: 16px; background: var(--raise); border: 1px solid var(--line); display: grid; gap: 9px; }
.proposal { border-color: var(--accent); }
.proposal:not([data-state=open], [data-state=confirm], [data-state=decline]) { border-color: var(--line); }
.proposal-title { font-size: 15px; font-weight: 650; }
.proposal-what, .proposal-foot { display: grid; gap: 9px; min-width: 0; overflow-wrap: anywhere; }
.verdict { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 7px; color: var(--faint); font-weight: 650; }
.verdict .faint { font-weight: 400; font-variant-numeric: tabular-nums; }
.verdict[data-status=done] { color: var(--good); }
.verdict[data-status=refused] { color: var(--bad); }
.changes { display: grid; gap: 6px; padding: 10px 12px 10px 28px; border-radius: 10px; background: var(--ground); font-size: 14px; list-style: disc; }
.changes ::marker { color: var(--faint); }
.refund { display: flex; justify-content: space-between; gap: 16px; padding-top: 9px; border-top: 1px dashed var(--line); font-variant-numeric: tabular-nums; }
.refund > :first-child { flex: none; }
.refund-sum { display: grid; justify-items: end; text-align: end; text-wrap: balance; }
.outcome p { white-space: pre-line; }
.proposal .faint, .outcome .faint { font-size: 13px; }
.decide { display: flex; flex-wrap: wrap; align-items: center; gap: 10px; }
.solid, .plain { min-height: 44px; padding: 0 20px; border-radius: 12px; font-weight: 600; transition: background .15s, color .15s; }
.solid { flex: 1 1 auto; background: var(--accent); color: var(--on-accent); border: 1px solid transparent; }
.plain { border: 1px solid var(--line); background: var(--raise); }
.plain:hover { border-color: var(--accent); }
.decide [aria-disabled=true] { background: var(--ground); color: var(--faint); border-color: var(--line); cursor: default; }
.decide .pressed { border-color: var(--accent); }
.correction { grid-template-columns: auto 1fr; background: var(--note); border-color: transparent; color: var(--warn); font-size: 14px; }
.correction svg { margin-top: 2px; }

.rating { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; padding-left: 2px; color: var(--faint); font-size: 13px; }
.stars { display: flex; }
.star { display: grid; place-items: center; width: 28px; height: 28px; border-radius: 8px; }
.root[data-mode=light] .star { color: #87938d; }
.root[data-mode=dark] .star { color: #6d7c76; }
.stars:hover .star, .stars:focus-within .star { color: #c98a12; }
.star:hover ~ .star { color: #87938d; }
.root[data-mode=dark] .star:hover ~ .star { color: #6d7c76; }
.stars:focus-within .star:focus ~ .star { color: #87938d; }
.comment-form { display: flex; flex: 1 1 100%; gap: 8px; margin-top: 4px; }
.comment { flex: 1; min-width: 0; padding: 7px 12px; border-radius: 10px; border: 1px solid var(--line); background: var(--raise); color: var(--ink); }
`;
