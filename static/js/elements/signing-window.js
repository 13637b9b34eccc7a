import { faultOf } from "../pki/certificate.js";
import { certificatesAmong, chosenFiles, droppedFiles } from "../pki/choice.js";
import { signText } from "../pki/cms.js";
import { KeyFileError, MESSAGES, fail } from "../pki/errors.js";

const NOTHING = "고른 파일에 인증서가 없습니다. signCert.der와 signPri.key를 함께 골라 주십시오.";
const CHOOSE = "인증서를 먼저 골라 주십시오.";
const TYPE = "인증서 비밀번호를 입력해 주십시오.";
const FAILED = "연결하지 못했습니다. 잠시 뒤 다시 진행해 주십시오.";
const SHORT = { expired: "만료", personal: "개인용", "not-signing": "암호화용", damaged: "손상" };

/** What the server says against a proof, as a sentence for people. */
class Refused extends Error {}

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const dayOf = (date) => date.toLocaleDateString("sv-SE", { timeZone: "Asia/Seoul" });

/** What stands in the way of a line of the table, for people. */
function stateOf(entry) {
  if (!entry.fault) return entry.facts ? "사용 가능" : "비밀번호 입력 후 확인";
  return SHORT[entry.fault] ?? "사용 불가";
}

/**
 * The certificate window (S30). Keys and the password stay here; what leaves is the signed text and
 * R, and R only of a company's certificate.
 */
class SigningWindow extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.list = this.querySelector(".signing__list");
    this.result = this.querySelector(".signing__result");
    this.password = this.querySelector("#signing-password");
    this.policies = JSON.parse(this.querySelector("#signing-policies").textContent);
    this.entries = [];
    this.querySelector(".signing__closed").hidden = true;
    this.form.hidden = false;
    for (const control of this.querySelectorAll("input[type=file]")) {
      control.addEventListener("change", () => this.take(chosenFiles(control.files)));
    }
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", async (event) => {
      event.preventDefault();
      await this.take(await droppedFiles(event.dataTransfer));
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sign();
    });
  }

  async take(files) {
    this.entries = await certificatesAmong(files);
    for (const entry of this.entries) {
      if (entry.facts) entry.fault = faultOf(entry.facts, this.policies);
    }
    this.list.replaceChildren(...this.entries.map((entry, index) => this.line(entry, index)));
    this.say(this.entries.length ? "" : NOTHING, "bad");
  }

  line(entry, index) {
    const row = document.createElement("tr");
    const label = document.createElement("label");
    const choice = document.createElement("input");
    choice.type = "radio";
    choice.name = "certificate";
    choice.value = String(index);
    choice.checked = index === 0;
    label.className = "choice";
    label.append(choice, stateOf(entry));
    const { facts } = entry;
    const cells = [
      ["상태", label],
      ["구분", entry.kind],
      ["사용자", facts?.owner ?? entry.name],
      ["발급자", facts?.issuer ?? "-"],
      ["만료일", facts ? dayOf(facts.endsAt) : "-"],
    ];
    for (const [name, content] of cells) {
      const cell = document.createElement("td");
      cell.dataset.label = name;
      cell.append(content);
      row.append(cell);
    }
    return row;
  }

  say(message, tone = "") {
    this.result.textContent = message;
    this.result.classList.toggle("field__status--bad", tone === "bad");
    this.result.classList.toggle("field__status--good", tone === "good");
    if (tone === "bad" && message) this.result.focus();
  }

  async sign() {
    const chosen = this.querySelector("input[name=certificate]:checked");
    const entry = this.entries[Number(chosen?.value)];
    const word = this.password.value;
    if (!entry) return this.say(CHOOSE, "bad");
    if (!word) return this.say(TYPE, "bad");
    if (this.isBusy) return undefined;
    this.isBusy = true;
    this.password.value = "";
    this.say("확인하고 있습니다.");
    try {
      await this.prove(entry, word);
    } catch (error) {
      this.say(this.sentenceFor(error), "bad");
    } finally {
      this.isBusy = false;
    }
    return undefined;
  }

  sentenceFor(error) {
    if (error instanceof KeyFileError) return MESSAGES[error.code];
    return error instanceof Refused ? error.message : FAILED;
  }

  async prove(entry, word) {
    if (entry.fault) fail(entry.fault);
    const identity = await entry.open(word);
    const fault = faultOf(identity.certificate, this.policies);
    if (fault) fail(fault);
    const asked = await this.post(this.dataset.challengeUrl, new FormData(this.form));
    const signed = await signText(identity, asked.text);
    const body = new FormData();
    body.set("nonce", asked.nonce);
    body.set("cms", base64(signed));
    body.set("secret", base64(identity.secret));
    body.set("next", this.dataset.next);
    identity.secret.fill(0);
    this.finish(await this.post(this.dataset.answerUrl, body));
  }

  /** Post and return the answer; what the server says against it is thrown as Refused. */
  async post(url, body) {
    const token = this.form.querySelector("input[name=csrfmiddlewaretoken]").value;
    body.set("purpose", this.dataset.purpose);
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams([...body].filter(([name]) => name !== "certificate")),
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    if (!response?.ok) throw new Refused(answer?.message || FAILED);
    if (!answer) throw new Refused(FAILED);
    return answer;
  }

  finish(answer) {
    if (answer.redirect) {
      this.say("확인했습니다.", "good");
      window.location.assign(answer.redirect);
      return;
    }
    const shown = document.createElement("p");
    const word = document.createElement("strong");
    word.className = "signing__password";
    word.textContent = answer.temporary_password;
    shown.append("임시 비밀번호: ", word);
    const note = document.createElement("p");
    note.textContent = "이 화면을 벗어나면 다시 볼 수 없습니다. 적어 두고 로그인하여 바로 바꾸어 주십시오.";
    this.form.hidden = true;
    this.append(shown, note);
    shown.tabIndex = -1;
    shown.focus();
  }
}

customElements.define("signing-window", SigningWindow);
