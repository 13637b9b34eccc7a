"""Proof of a company by Korean joint certificate (공동인증서), verified without any plug-in."""
