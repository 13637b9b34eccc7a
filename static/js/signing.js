// Pages where a joint certificate signs: joining, logging in, password reset.
import "./elements/signing-window.js";
