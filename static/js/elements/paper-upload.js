/**
 * Around the form of one paper: sends the file with progress, says what became of it, and lets it
 * be tried again. Without this script the form posts as it is; each file is a request of its own.
 */
import { sessionWasUsed } from "./keep-session.js";

const TRIES = 3;
const BETWEEN = 2000;

class PaperUpload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.control = this.form.querySelector("input[type=file]");
    this.button = this.form.querySelector("button");
    this.bar = document.createElement("progress");
    this.bar.max = 100;
    this.bar.hidden = true;
    this.bar.setAttribute("aria-label", `${this.dataset.label} 보내는 중`);
    this.status = document.createElement("p");
    this.status.className = "paper-upload__status";
    this.status.setAttribute("role", "status");
    this.form.append(this.bar, this.status);
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    addEventListener("beforeunload", (event) => {
      if (this.isSending) event.preventDefault();
    });
  }

  onSubmit(event) {
    if (!this.control.files.length) return;
    event.preventDefault();
    if (!this.isSending) this.send(1);
  }

  send(attempt) {
    this.isSending = true;
    this.form.setAttribute("aria-busy", "true");
    this.button.disabled = true;
    this.bar.hidden = false;
    this.say(attempt === 1 ? "보내는 중입니다." : `다시 보내는 중입니다. (${attempt}/${TRIES})`);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => this.onAnswer(request));
    request.addEventListener("error", () => this.onFailure(attempt));
    request.open("POST", this.form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(this.form));
  }

  onAnswer(request) {
    this.finish();
    const isJson = request.getResponseHeader("Content-Type")?.startsWith("application/json");
    if (!isJson) return this.say("저장하지 못했습니다. 화면을 새로 고치고 다시 올려 주십시오.", "bad");
    const body = JSON.parse(request.responseText);
    if (body.seen) this.form.elements.seen.value = body.seen;
    this.say(body.message, body.name ? "good" : "bad");
    if (!body.name) return;
    sessionWasUsed();
    this.control.value = "";
    this.control.dispatchEvent(new Event("change"));
    this.dispatchEvent(new CustomEvent("paper-saved", { bubbles: true }));
    const badge = this.closest("section").querySelector(".row__title .badge");
    if (badge) badge.textContent = "올림";
  }

  onFailure(attempt) {
    if (attempt < TRIES) {
      setTimeout(() => this.send(attempt + 1), BETWEEN * attempt);
      return;
    }
    this.finish();
    this.say("연결이 끊겨 보내지 못했습니다. 고른 파일은 그대로 있습니다. 단추를 다시 눌러 주십시오.", "bad");
  }

  finish() {
    this.isSending = false;
    this.form.removeAttribute("aria-busy");
    this.button.disabled = false;
    this.bar.hidden = true;
    this.bar.value = 0;
  }

  say(text, mood = "") {
    this.status.textContent = text;
    this.status.dataset.mood = mood;
  }
}

customElements.define("paper-upload", PaperUpload);
