// Which key of ours is meant, whatever layout the keyboard has, and with CapsLock on or off.
const PLACE = /^(?:Key|Digit)(.)$/;

// A letter or digit of another script (Cyrillic, Hebrew, Persian) means the Latin one on the same key.
function latin({ key, code }) {
  const isForeign = /^[\p{L}\p{Nd}]$/u.test(key) && !/^[\p{Script=Latin}0-9]$/u.test(key);
  return (isForeign && PLACE.exec(code)?.[1]) || key;
}

// Shift alone makes a letter large: with CapsLock `j` still moves and Shift+j selects.
export function meant(event) {
  const key = latin(event);
  if (!/^[a-z]$/i.test(key)) return key;
  return event.shiftKey ? key.toUpperCase() : key.toLowerCase();
}

// Whether an input method, which writes Chinese, Japanese or Korean, has the key. Safari says so of the last key of a
// word only by its number.
export const isComposing = (event) => event.isComposing || event.keyCode === 229;
