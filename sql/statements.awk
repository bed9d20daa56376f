# Cut SQL into statements, for wrap-ddl and the lints.
#
#   awk -f sql/statements.awk FILE             one top-level statement a line
#   awk -v lines=1 -f sql/statements.awk FILE  one line of code a line
#
# Each is written as its line number, a tab and the text without comments; a
# psql command is a statement that begins with a backslash.  A semicolon ends
# a statement outside strings, quoted names, dollar quotes and BEGIN ATOMIC.
# With lines=1 the inside of dollar quotes is code like any other.

function put(text) {
  if (text !~ /[^ \t\r]/ && statement == "") return
  if (statement == "") starts = FNR
  statement = statement text
}

function flush() {
  gsub(/[ \t\r]+/, " ", statement)
  sub(/ $/, "", statement)
  if (statement != "") print starts "\t" statement
  statement = begins = previous = ""
}

# Inside CREATE … BEGIN ATOMIC … END, semicolons end nothing
function word(text) {
  text = tolower(text)
  if (statement == "") begins = text
  if (depth > 0 && text == "case") depth++
  else if (depth > 0 && text == "end") depth--
  else if (begins == "create" && text == "atomic" && previous == "begin") depth = 1
  previous = text
}

{
  n = length($0)
  for (i = 1; i <= n; i += size) {
    c = substr($0, i, 1)
    two = substr($0, i, 2)
    rest = substr($0, i)
    size = 1
    if (state == "comment") {
      if (two == "/*") { nested++; size = 2 }
      else if (two == "*/") { size = 2; if (--nested == 0) state = "" }
      continue
    }
    if (state == "string") {
      if (escapes && c == "\\") size = 2
      else if (c == quote) state = ""    # a doubled quote opens again at once
    } else if (state == "dollar") {
      if (substr(rest, 1, length(tag)) == tag) { size = length(tag); state = "" }
    } else if (two == "--") break
    else if (two == "/*") { state = "comment"; nested = 1; size = 2; put(" "); continue }
    else if (c == "\047" || c == "\"") {
      escapes = c == "\047" && tolower(previous) == "e" && tolower(substr($0, i - 1, 1)) == "e"
      state = "string"; quote = c
    } else if (!lines && match(rest, /^\$([A-Za-z_][A-Za-z0-9_]*)?\$/)) {
      tag = substr(rest, 1, RLENGTH); size = RLENGTH; state = "dollar"
    } else if (match(rest, /^[A-Za-z_][A-Za-z0-9_$]*/)) { size = RLENGTH; word(substr(rest, 1, size)) }
    else if (c == "\\") { flush(); put(rest); flush(); break }
    else if (c == ";" && depth == 0 && !lines) { flush(); continue }
    put(substr($0, i, size))
  }
  if (lines) flush()
  else put(" ")
}

END { flush() }
