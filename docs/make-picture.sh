#!/usr/bin/env bash
# Draws the picture of README from a real run:  ./demo > demo.log && docs/make-picture.sh demo.log > docs/demo.svg
# Shows the diagnostics, the changes of one file and the table; understands the few colours that the demo prints.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: docs/make-picture.sh <output of ./demo>" >&2; exit 2; }

awk -v columns=140 '
  function escape(s) { gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); return s }
  function draw(line,   out, colour, code, weight, plain) {
    plain = line; gsub(/\033\[[0-9;]*m/, "", plain)
    colour = "#d0d7de"; weight = "normal"
    if (match(line, /\033\[[0-9;]*m/)) {
      code = substr(line, RSTART + 2, RLENGTH - 3)
      if (code == "31") colour = "#ff7b72"
      else if (code == "32") colour = "#7ee787"
      else if (code == "33") colour = "#e3b341"
      else if (code == "1") { colour = "#ffffff"; weight = "bold" }
    }
    if (length(plain) > columns) plain = substr(plain, 1, columns - 1) "…"
    y += 17
    body = body sprintf("<text x=\"16\" y=\"%d\" fill=\"%s\" font-weight=\"%s\" xml:space=\"preserve\">%s</text>\n", y, colour, weight, escape(plain))
  }
  BEGIN { y = 16 }
  /3\. dotnet add package/ { shown = 1 }
  /^   dotnet (add|build)|^   apply every fix/ { next }
  /5\. Both agents/ { draw(""); draw($0); shown = 0; table = 0; next }
  /4\. dotnet format/ { draw($0); shown = 0; next }
  !table && /^   \033\[1m[A-Za-z]+\.cs/ { shown = /Researcher\.cs/ }
  /\| before/ { table = 1 }
  /^turns: / { table = 0 }
  shown || table { draw($0) }
  END {
    width = 24 + columns * 7.85
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, y + 20, width, y + 20
    printf "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#0d1117\"/>\n<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,monospace\" font-size=\"13\">\n%s</g>\n</svg>\n", body
  }
' "$1"
