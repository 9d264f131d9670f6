"use strict";

// How a text travels, counted as bot/core/sms.py counts it; tests/browser compares the two.

const GSM7 = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM7_TWICE = new Set("^{}\\[~]|€");

function countText(text) {
  const characters = [...text];
  const costly = characters.find((c) => !GSM7.has(c) && !GSM7_TWICE.has(c)) || "";
  if (!costly) {
    const length = characters.length + characters.filter((c) => GSM7_TWICE.has(c)).length;
    return { encoding: "GSM-7", characters: length, segments: length <= 160 ? 1 : Math.ceil(length / 153), costly };
  }
  return { encoding: "UCS-2", characters: text.length, segments: text.length <= 70 ? 1 : Math.ceil(text.length / 67), costly };
}
