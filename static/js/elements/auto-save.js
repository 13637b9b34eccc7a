/**
 * Around the form of the questions: keeps what is typed without sending it off.
 * The answer says what the page now shows of each question; another tab's words are never lost.
 */
import { sessionWasUsed } from "./keep-session.js";

const AFTER_TYPING = 1500;
const AFTER_FAILURE = 15000;

class AutoSave extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.status = this.querySelector("[data-status]");
    this.form.addEventListener("input", () => this.later(AFTER_TYPING));
    this.form.addEventListener("submit", () => this.leave());
    addEventListener("beforeunload", (event) => {
      if (this.isChanged) event.preventDefault();
    });
    addEventListener("online", () => this.isChanged && this.later(0));
  }

  later(wait) {
    this.isChanged = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  leave() {
    clearTimeout(this.timer);
    this.isChanged = false;
    this.hasLeft = true;
  }

  async save() {
    if (this.isSaving || this.hasLeft) return;
    this.isSaving = true;
    this.isChanged = false;
    // Not form.action: a button of that name stands in its place.
    const answer = await fetch(location.pathname, {
      method: "POST",
      body: new FormData(this.form),
      headers: { Accept: "application/json" },
      redirect: "error",
    }).catch(() => null);
    const body = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    this.isSaving = false;
    if (!body) return this.failed();
    if (!body.seen) return this.say(body.message, true);
    sessionWasUsed();
    this.show(body);
    if (this.isChanged) this.later(AFTER_TYPING);
  }

  show(body) {
    for (const [name, token] of Object.entries(body.seen)) {
      if (!(name in body.conflicts)) this.form.elements[name].value = token;
    }
    const clashes = Object.values(body.conflicts);
    const saved = `저장됨 ${body.saved_at} — 아직 제출되지 않았습니다.`;
    this.say(clashes.length ? `${clashes.join(" ")} 다른 답은 저장했습니다.` : saved, clashes.length > 0);
    const clock = document.querySelector("[data-saved]");
    if (clock) clock.textContent = saved;
  }

  failed() {
    this.say("저장하지 못했습니다. 이 화면을 닫지 마십시오. 잠시 뒤 다시 저장합니다.", true);
    this.later(AFTER_FAILURE);
  }

  say(text, isBad) {
    this.status.textContent = text;
    this.status.classList.toggle("auto-save__status--bad", isBad);
  }
}

customElements.define("auto-save", AutoSave);
