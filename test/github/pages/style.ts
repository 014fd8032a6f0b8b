/** The look of the pages: plain, light and dark, nothing loaded from elsewhere. */
export const STYLE_SHEET = `
:root { color-scheme: light dark; --page: #fff; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --panel: #f6f8fa;
  --link: #0969da; --open: #1a7f37; --done: #8250df; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --text: #f0f6fc; --soft: #9198a1; --line: #3d444d;
  --panel: #151b23; --link: #4493f8; --open: #3fb950; --done: #ab7df8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
header.site { padding: 12px 24px; background: var(--panel); border-bottom: 1px solid var(--line); }
header.site small { color: var(--soft); margin-left: 12px; }
main { max-width: 960px; margin: 24px auto; padding: 0 24px; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1 { font-size: 24px; font-weight: 400; margin: 0 0 8px; overflow-wrap: anywhere; }
h1 .number, .meta { color: var(--soft); }
.state { display: inline-block; padding: 2px 12px; border-radius: 2em; color: #fff; background: #1f883d; font-weight: 500; }
.state.closed { background: #8250df; }
.label { display: inline-block; padding: 0 8px; margin-right: 4px; border-radius: 2em; font-size: 12px; line-height: 20px;
  border: 1px solid rgb(128 128 128 / 35%); }
.issues { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 6px; }
.issues li { padding: 10px 16px; border-top: 1px solid var(--line); }
.issues li:first-child { border-top: 0; }
.issues .title { font-weight: 600; color: var(--text); margin-right: 8px; }
.issues .mark { color: var(--open); margin-right: 6px; }
.issues .mark.closed { color: var(--done); }
.facts { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding-bottom: 16px;
  margin-bottom: 16px; border-bottom: 1px solid var(--line); }
article { border: 1px solid var(--line); border-radius: 6px; margin-bottom: 16px; }
article > header { padding: 8px 16px; background: var(--panel); border-bottom: 1px solid var(--line);
  border-radius: 6px 6px 0 0; color: var(--soft); }
article > header b { color: var(--text); }
article > div { padding: 4px 16px; overflow-wrap: anywhere; }
article pre { padding: 12px; overflow: auto; background: var(--panel); border-radius: 6px; }
article table { border-collapse: collapse; }
article th, article td { border: 1px solid var(--line); padding: 4px 12px; }
.event { color: var(--soft); margin: 0 0 12px; padding-left: 16px; }
.event + article { margin-top: 16px; }
form { margin-bottom: 16px; }
textarea, input { width: 100%; padding: 8px; font: inherit; color: inherit; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; }
textarea { min-height: 96px; }
button { margin-top: 8px; padding: 5px 16px; font: inherit; font-weight: 500; color: inherit; background: var(--panel);
  border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
`.trimStart();
