// A short sound when somebody begins to wait or writes; off until somebody switches it on.

const STORED = "civic-desk-sound";
let context = null;

export function installSound() {
  const button = document.getElementById("sound");
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.addEventListener("click", () => {
    localStorage.setItem(STORED, isOn() ? "off" : "on");
    show();
    ring();
  });
  show();
}

export function ring() {
  if (!isOn()) return;
  context ??= new AudioContext();
  context.resume().then(() => {
    for (const [start, pitch] of [[0, 660], [0.16, 880]]) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const at = context.currentTime + start;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.15, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.14);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.15);
    }
  });
}

function isOn() {
  return localStorage.getItem(STORED) === "on";
}
