/* What the checks of a page read in it, as one function of no arguments that answers plain values. Read only. */
() => {
  const shown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const named = element => {
    const words = (element.innerText || element.getAttribute("aria-label") || element.name || "").trim();
    const kind = element.type ? `[${element.type}]` : "";
    return `${element.tagName.toLowerCase()}${kind} "${words.replace(/\s+/g, " ").slice(0, 40)}"`;
  };
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";

  /* Colours: whatever way they are written, a canvas says them in red, green, blue and alpha. */
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = text => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] > 250) return found;
    }
    return [255, 255, 255, 255];
  };
  const light = ([red, green, blue]) => [red, green, blue]
    .map(part => part / 255)
    .map(part => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + .05) / (dark + .05);
  };

  /* Targets: where a label names a box to tick, the finger may land on either. */
  const boxed = element => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    if (element.matches("input[type=radio], input[type=checkbox]"))
      for (const label of element.labels) {
        const more = label.getBoundingClientRect();
        [left, top] = [Math.min(left, more.left), Math.min(top, more.top)];
        [right, bottom] = [Math.max(right, more.right), Math.max(bottom, more.bottom)];
      }
    return { left, top, right, bottom };
  };
  const floats = element => {
    for (let at = element; at; at = at.parentElement)
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
    return false;
  };
  const onPage = box => box.right > 0 && box.bottom + scrollY > 0 && box.right > box.left && box.bottom > box.top;
  const targets = [...document.querySelectorAll(CONTROLS)]
    .filter(element => shown(element) && !element.disabled)
    .map(element => ({ name: named(element), floats: floats(element), ...boxed(element) }))
    .filter(onPage);

  /* Borders: a control stands out by its border or by its own ground. */
  const outlined = element => {
    const style = getComputedStyle(element);
    const around = ground(element.parentElement);
    const edge = ["Top", "Bottom"].map(side => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none"
      ? contrast(colour(style[`border${side}Color`]), around) : 1);
    return Math.max(Math.min(...edge), contrast(ground(element), around));
  };
  const edges = [...document.querySelectorAll("button, select, textarea, input:not([type=hidden], [type=radio], [type=checkbox])")]
    .filter(element => shown(element) && !element.disabled)
    .map(element => ({ name: named(element), contrast: outlined(element) }));

  /* Overflow: what sticks out on the right, unless a part of its own scrolls it. */
  const scrolled = element => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  const wide = document.documentElement.clientWidth;
  const sticking = document.documentElement.scrollWidth <= wide ? [] : [...document.body.querySelectorAll("*")]
    .filter(element => shown(element) && element.getBoundingClientRect().right > wide + 1 && !scrolled(element))
    .map(named);

  /* Words: the text of each block by itself, as it is written and not as style shows it. */
  const inline = new Set(["inline", "inline-block", "contents", "inline-flex"]);
  const block = node => {
    let at = node.parentElement;
    while (at !== document.body && inline.has(getComputedStyle(at).display) && !at.matches("button, summary, td, th, dt, dd, li")) at = at.parentElement;
    return at;
  };
  const blocks = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest("script, style, template, noscript") || !shown(parent)) continue;
    const home = block(node);
    blocks.set(home, `${blocks.get(home) || ""}${node.data}`);
  }
  const texts = [...blocks.values()].map(text => text.replace(/\s+/g, " ").trim());
  const spoken = [...document.querySelectorAll("[aria-label], [title], [placeholder], img[alt]")]
    .flatMap(element => ["aria-label", "title", "placeholder", "alt"].map(name => element.getAttribute(name)))
    .filter(Boolean);

  const inlined = [...document.querySelectorAll("script:not([src]), style, [style]")].map(element => element.outerHTML.slice(0, 80));
  const handlers = [...document.querySelectorAll("*")].flatMap(element => [...element.attributes]
    .filter(attribute => attribute.name.startsWith("on")).map(attribute => `${element.tagName} ${attribute.name}`));
  return {
    url: location.pathname + location.search + location.hash,
    title: document.title,
    language: document.documentElement.lang,
    h1: [...document.querySelectorAll("h1")].filter(shown).map(element => element.innerText),
    targets, edges, sticking, texts, spoken,
    inlined: [...inlined, ...handlers],
    brightness: light(ground(document.body)),
  };
}
