// In: nothing. Out: CSS of the input row, attachments, the stop button and the recorder.

export default `
.stop-row { position: relative; height: 0; display: flex; justify-content: center; z-index: 1; }
.stop { position: absolute; bottom: 8px; display: flex; align-items: center; gap: 6px; height: 34px; padding: 0 15px 0 11px; border-radius: 17px; background: var(--raise); border: 1px solid var(--line); box-shadow: 0 1px 8px rgb(0 0 0 / .16); font-size: 13.5px; font-weight: 600; }
.stop:hover { border-color: var(--accent); }
.composer { padding: 10px 12px max(12px, env(safe-area-inset-bottom)); }
.row { display: flex; align-items: flex-end; padding: 5px; border-radius: 22px; background: var(--paper); border: 1.5px solid var(--line); transition: border-color .15s; }
.row:focus-within { border-color: var(--accent); }
.input { flex: 1; min-width: 0; height: 40px; max-height: 132px; padding: 8px 8px; border: 0; background: none; resize: none; font-size: 16px; line-height: 24px; scrollbar-width: thin; }
.input:focus-visible { outline: none; }
.row .icon { border-radius: 17px; }
.send { flex: none; display: grid; place-items: center; width: 40px; height: 40px; border-radius: 17px; background: var(--accent); color: var(--on-accent); transition: background .15s, color .15s; }
.send:disabled { background: var(--tint); color: var(--faint); }

.attachments { display: flex; flex-wrap: wrap; gap: 8px; padding: 0 4px 10px; }
.attachment { position: relative; display: flex; align-items: center; gap: 10px; min-height: 60px; font-size: 13px; }
.attachment img { width: 60px; height: 60px; object-fit: cover; border-radius: 12px; }
.attachment[data-state=uploading] img { opacity: .5; }
.attachment-error { color: var(--bad); max-width: 170px; }
.remove { position: absolute; left: 44px; top: -6px; width: 24px; height: 24px; border-radius: 50%; background: var(--ink); color: var(--paper); }
.remove:hover { background: var(--bad); color: var(--paper); }
.attachment[data-state=unreadable] .remove, .attachment[data-state=failed] .remove { position: static; background: none; color: var(--faint); }
.spin { position: absolute; left: 20px; top: 20px; width: 20px; height: 20px; border-radius: 50%; border: 2.5px solid var(--accent); border-right-color: transparent; animation: spin .8s linear infinite; }
@keyframes spin { to { transform: rotate(1turn); } }

.recorder { display: flex; align-items: center; gap: 12px; padding: 5px; border-radius: 22px; background: var(--paper); border: 1.5px solid var(--accent); }
.recorder .plain { min-height: 40px; padding: 0 14px; border-radius: 17px; border: 0; background: var(--ground); font-size: 14px; }
.hearing { flex: 1; min-width: 0; }
.hearing-row { display: flex; align-items: center; gap: 10px; }
.meter { flex: 1; display: flex; align-items: center; gap: 2px; height: 24px; overflow: hidden; }
.meter i { flex: 1; height: calc(3px + 21px * var(--level, 0)); max-width: 4px; border-radius: 2px; background: var(--accent); }
.clock { font-size: 12.5px; color: var(--faint); font-variant-numeric: tabular-nums; }
.hint { display: block; font-size: 12.5px; line-height: 1.35; color: var(--faint); }
`;
