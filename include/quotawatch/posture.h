// How a session's program stands towards somebody who wants to type: its prompt, its menus, its
// activity.
//
// Created by Judge::posture() from a screen. Monitor's Resumer asks for it before it types (section
// "Sessions go on" of docs/design.md). It says nothing about limits.
#pragma once

#include <string>

#include "quotawatch/verdict.h"

namespace quotawatch {

struct Posture {
  bool recognised = false;  // an agent's program drew the screen
  bool prompt = false;      // its prompt box is visible
  std::string draft = {};   // the text in the box, as far as it can be seen: may be a suggestion
  bool menu = false;        // a menu or dialog stands in place of the prompt box
  // The next key on the way to the menu's safe entry: its number, or "Down", "Up" and then "Enter" where
  // entries have none. Empty: the pack knows no answer.
  std::string answer = {};
  bool asks_owner = false;    // it asks whose account the conversation shall belong to, or is about to
  bool works = false;         // a spinner, or a hint how to interrupt
  bool waits = false;         // it says that it will go on by itself
  bool may_continue = false;  // it says that the limit has reset and waits for Enter
  // What must not change while nothing happens: all rows but clocks and spinners.
  Fingerprint still = {};

  bool operator==(const Posture&) const = default;
};

}  // namespace quotawatch
