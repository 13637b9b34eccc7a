/** Ticks the password rules while typing and shows the password on demand; the server decides. */
const GOOD = "사용가능한 비밀번호입니다";
const SEQUENCE_LENGTH = 4;
// As members/passwords.py: rows of the keyboard are sequences to a hand as abcd is to an eye.
const ORDERS = ["0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const RUNS = ORDERS.flatMap((order) => [order, [...order].reverse().join("")]);

function holdsSequence(text) {
  for (let start = 0; start + SEQUENCE_LENGTH <= text.length; start += 1) {
    const part = text.slice(start, start + SEQUENCE_LENGTH);
    if (RUNS.some((run) => run.includes(part))) return true;
  }
  return false;
}

class PasswordMeter extends HTMLElement {
  connectedCallback() {
    this.control = this.querySelector("input");
    this.status = this.querySelector("[role=status]");
    this.idControl = document.getElementById(this.dataset.idField ?? "");
    this.control.addEventListener("input", () => this.judge());
    this.idControl?.addEventListener("input", () => this.judge());
    this.addShowButton();
  }

  addShowButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button field__extra";
    button.textContent = "비밀번호 표시";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const shown = this.control.type === "password";
      this.control.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
    this.control.after(button);
  }

  judge() {
    const text = this.control.value;
    const lower = text.toLowerCase();
    const id = (this.idControl?.value ?? "").trim().toLowerCase();
    const met = {
      length: [...text].length >= 8 && [...text].length <= 128,
      repeat: !/(.)\1\1/.test(text),
      sequence: !holdsSequence(lower),
      personal: id.length < 4 || !lower.includes(id),
    };
    for (const line of this.querySelectorAll("[data-rule]")) {
      line.toggleAttribute("data-met", Boolean(text) && met[line.dataset.rule]);
    }
    const good = Object.values(met).every(Boolean);
    this.status.textContent = text && good ? GOOD : "";
    this.status.classList.toggle("field__status--good", good);
  }
}

customElements.define("password-meter", PasswordMeter);
