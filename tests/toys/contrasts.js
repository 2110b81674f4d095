// Return [text, contrast with the nearest background behind it] of every element with text of its own, or a field.
() => {
  const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((c) => linear(c / 255))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!/, 0\)/.test(colour)) return light(colour);
    }
    return 1;
  };
  const told = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.matches("input[type=number]");
  const shown = [...document.querySelectorAll("body *:not(script):not(style)")].filter((e) => e.checkVisibility() && told(e));
  return shown.map((e) => {
    const style = getComputedStyle(e), sides = [light(e instanceof SVGElement ? style.fill : style.color), ground(e)];
    return [e.textContent.trim(), (Math.max(...sides) + 0.05) / (Math.min(...sides) + 0.05)];
  });
}
