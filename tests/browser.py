"""Pages in Chromium, where it is installed: what fits, what can be read, and pictures of them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

PROBE = """<!DOCTYPE html><meta charset="utf-8"><body><script>
const pages = PAGES, found = [];
const clear = "rgba(0, 0, 0, 0)";
function colour(text) { return text.match(/[\\d.]+/g).slice(0, 3).map(Number); }
function light(text) {
  const [r, g, b] = colour(text).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ground(node, view) {
  for (; node; node = node.parentElement) {
    const paint = view.getComputedStyle(node).backgroundColor;
    if (paint !== clear) return paint;
  }
  return "rgb(255, 255, 255)";
}
function probe(frame, name, width) {
  const page = frame.contentDocument, view = frame.contentWindow, root = page.documentElement;
  let worst = 99, outside = [];
  for (const node of page.querySelectorAll("body *")) {
    const own = [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const box = node.getBoundingClientRect();
    if (box.right > width + 0.5 || box.left < -0.5) outside.push(node.outerHTML.slice(0, 60));
    if (!own) continue;
    const pair = [light(view.getComputedStyle(node).color), light(ground(node, view))];
    const [a, b] = pair.sort((x, y) => y - x);
    worst = Math.min(worst, (a + 0.05) / (b + 0.05));
  }
  const text = page.querySelector("article > p:not(.question), h3 + p"), range = page.createRange();
  range.selectNodeContents(text);
  const rows = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 8)));
  const dark = view.matchMedia("(prefers-color-scheme: dark)").matches;
  const measure = text.textContent.length / rows.size;
  found.push({name, width, dark, wide: root.scrollWidth, outside, worst, measure});
}
let left = 0;
for (const [name, html] of Object.entries(pages))
  for (const width of [360, 1200]) {
      left++;
      const frame = document.createElement("iframe");
      frame.width = width; frame.height = 900; frame.srcdoc = html; frame.style.border = 0;
      frame.onload = () => {
        probe(frame, name, width);
        if (!--left) {
          const out = document.createElement("pre");
          out.id = "found"; out.textContent = JSON.stringify(found); document.body.append(out);
        }
      };
      document.body.append(frame);
  }
</script>"""


def chromium(folder: Path) -> list[str]:
    """Chromium without a window, with a profile in ``folder``, that asks nobody anything."""
    options = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
        " --disable-background-networking --disable-component-update"
    )
    return [str(CHROMIUM), *options.split(), f"--user-data-dir={folder / 'profile'}"]


def measured(folder: Path, scheme: str, pages: dict[str, str]) -> list[dict[str, Any]]:
    """What Chromium makes of ``pages`` by name in frames of two widths, in a light or a dark environment.

    Frames, as the windows of a headless browser cannot be as narrow as a telephone.
    """
    written = json.dumps(pages).replace("</", "<\\/")
    probe = folder / "probe.html"
    probe.write_text(PROBE.replace("PAGES", written), "utf-8")
    command = [
        *chromium(folder),
        *"--hide-scrollbars --virtual-time-budget=5000 --window-size=1400,1000 --dump-dom".split(),
        f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
        probe.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    values: list[dict[str, Any]] = json.loads(unescape(found[1]))
    return values
