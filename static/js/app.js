// Every page.
import "./elements/site-menu.js";
import "./elements/display-settings.js";
import "./elements/login-box.js";
import "./elements/print-button.js";
import "./elements/session-timer.js";
import "./elements/view-count.js";
