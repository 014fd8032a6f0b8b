/** Twice the pixels of the page, so that it is sharp on paper and in slides. */
const scale = 2;
const painted = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'text-anchor'] as const;
const written = ['font-family', 'font-size', 'font-weight'] as const;

/**
 * The drawing as a file of its own: what the page's stylesheet says of each part is written into it, on the theme's ground.
 */
export function asSvg(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = drawing.querySelectorAll('*');
  for (const [index, element] of copy.querySelectorAll('*').entries()) {
    const original = originals[index];
    if (!original || !(original instanceof SVGGraphicsElement)) continue;
    const style = getComputedStyle(original);
    const names = original instanceof SVGTextElement ? [...painted, ...written] : painted;
    for (const name of names) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute('class');
  }
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', groundOf());
  copy.prepend(ground);
  copy.removeAttribute('class');
  copy.removeAttribute('aria-hidden');
  return new XMLSerializer().serializeToString(copy);
}

/**
 * The drawing as pixels, painted part by part: as an image it would have to be loaded, which the page's policy forbids.
 * @returns the PNG in base64
 */
export function asPng(drawing: SVGSVGElement): string | undefined {
  const canvas = document.createElement('canvas');
  const box = drawing.getBoundingClientRect();
  canvas.width = Math.ceil(box.width * scale);
  canvas.height = Math.ceil(box.height * scale);
  const paint = canvas.getContext('2d');
  if (!paint) return undefined;
  paint.fillStyle = groundOf();
  paint.fillRect(0, 0, canvas.width, canvas.height);
  for (const part of drawing.querySelectorAll<SVGGraphicsElement>('rect, line, circle, path, text')) {
    const at = part.getCTM();
    if (!at) continue;
    paint.setTransform(scale * at.a, scale * at.b, scale * at.c, scale * at.d, scale * at.e, scale * at.f);
    paintPart(paint, part);
  }
  return canvas.toDataURL('image/png').split(',')[1];
}

function paintPart(paint: CanvasRenderingContext2D, part: SVGGraphicsElement): void {
  const style = getComputedStyle(part);
  if (part instanceof SVGTextElement) {
    paint.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    paint.textAlign = style.textAnchor === 'middle' ? 'center' : style.textAnchor === 'end' ? 'right' : 'left';
    paint.fillStyle = style.fill;
    paint.fillText(part.textContent ?? '', part.x.baseVal[0]?.value ?? 0, part.y.baseVal[0]?.value ?? 0);
    return;
  }
  const shape = pathOf(part);
  if (style.fill !== 'none') {
    paint.fillStyle = style.fill;
    paint.fill(shape);
  }
  if (style.stroke === 'none') return;
  paint.strokeStyle = style.stroke;
  paint.lineWidth = Number.parseFloat(style.strokeWidth) || 1;
  paint.setLineDash(
    style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[\s,]+/).map(Number.parseFloat),
  );
  paint.stroke(shape);
}

function pathOf(part: SVGGraphicsElement): Path2D {
  const shape = new Path2D(part instanceof SVGPathElement ? (part.getAttribute('d') ?? '') : '');
  if (part instanceof SVGRectElement) {
    const { x, y, width, height, rx } = part;
    shape.roundRect(x.baseVal.value, y.baseVal.value, width.baseVal.value, height.baseVal.value, rx.baseVal.value);
  } else if (part instanceof SVGLineElement) {
    shape.moveTo(part.x1.baseVal.value, part.y1.baseVal.value);
    shape.lineTo(part.x2.baseVal.value, part.y2.baseVal.value);
  } else if (part instanceof SVGCircleElement) {
    shape.arc(part.cx.baseVal.value, part.cy.baseVal.value, part.r.baseVal.value, 0, 2 * Math.PI);
  }
  return shape;
}

function groundOf(): string {
  return getComputedStyle(document.body).backgroundColor;
}
