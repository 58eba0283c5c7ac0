// Draws every diagram of a folder with bpmn-js in a headless browser: one PNG per diagram, to be looked at.
// Usage: node web/src/bpmn/screenshots.mjs DIAGRAMS PICTURES

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const MARGIN = 40;
const SCALE = 1.5;
// A headless window counts its invisible frame to its height; the picture ends with a blank strip at most this high.
const FRAME = 100;
const BROWSER = process.env.ZHILI_BROWSER ?? 'chromium';
const viewer = readFileSync(createRequire(import.meta.url).resolve('bpmn-js/dist/bpmn-viewer.production.min.js'), 'utf8');

// The size comes from the diagram's own bounds: nothing is cut off, nothing is scaled down to fit.
function sizeOf(xml) {
  const corners = [...xml.matchAll(/<(?:\w+:)?Bounds\b[^>]*>/g)].map(([bounds]) => {
    const number = (name) => Number(bounds.match(new RegExp(`\\b${name}="([-0-9.]+)"`))?.[1] ?? 0);
    return { left: number('x'), top: number('y'), right: number('x') + number('width'), bottom: number('y') + number('height') };
  });
  if (corners.length === 0) {
    throw new Error('the file has no diagram');
  }
  const extreme = (choose, side) => choose(...corners.map((corner) => corner[side]));
  return {
    width: Math.ceil(extreme(Math.max, 'right') - extreme(Math.min, 'left')) + 2 * MARGIN,
    height: Math.ceil(extreme(Math.max, 'bottom') - extreme(Math.min, 'top')) + 2 * MARGIN,
  };
}

function pageOf(xml, { width, height }) {
  const text = JSON.stringify(xml).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><title>…</title>
<style>body{margin:0;background:#fff}#canvas{width:${width}px;height:${height}px}</style>
<div id="canvas"></div><script>${viewer}</script>
<script>
const bpmn = new BpmnJS({ container: '#canvas' });
bpmn.importXML(${text}).then(() => {
  const canvas = bpmn.get('canvas');
  const { inner } = canvas.viewbox();
  canvas.viewbox({ x: inner.x - ${MARGIN}, y: inner.y - ${MARGIN}, width: inner.width + ${2 * MARGIN}, height: inner.height + ${2 * MARGIN} });
}).catch((error) => { document.body.textContent = error.message; });
</script>`;
}

function draw(file, picture, workspace) {
  const xml = readFileSync(file, 'utf8');
  const size = sizeOf(xml);
  const page = join(workspace, 'page.html');
  writeFileSync(page, pageOf(xml, size));
  execFileSync(BROWSER, [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    `--user-data-dir=${join(workspace, 'profile')}`, `--force-device-scale-factor=${SCALE}`,
    `--window-size=${size.width},${size.height + FRAME}`, '--virtual-time-budget=10000', `--screenshot=${picture}`, `file://${page}`,
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
}

const [diagrams, pictures] = process.argv.slice(2).map((path) => resolve(path));
if (!pictures) {
  console.error('usage: node screenshots.mjs DIAGRAMS PICTURES');
  process.exit(2);
}
mkdirSync(pictures, { recursive: true });
const workspace = mkdtempSync(join(tmpdir(), 'zhili-pictures-'));
try {
  for (const name of readdirSync(diagrams).filter((entry) => entry.endsWith('.bpmn')).sort()) {
    const picture = join(pictures, `${basename(name, '.bpmn')}.png`);
    draw(join(diagrams, name), picture, workspace);
    console.log(picture);
  }
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
