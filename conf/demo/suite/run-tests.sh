#!/bin/sh
# A test suite of eight tests that share a state, as suites do:
#
#     run-tests.sh TESTS REPORT EXECUTED
#
# runs the tests named in TESTS (all, when it is empty), first to last, writes JUnit XML to REPORT and the name of each test, as it starts, to
# EXECUTED. "reads-default" fails after "sets-option", unless "resets" runs between the two; "uses-table" fails unless "creates-table" ran before.
tests=$1 report=$2 executed=$3
if [ ! -s "$tests" ]; then
  for name in adds subtracts creates-table uses-table reads-default sets-option resets rounds; do
    echo "demo#$name"
  done > "$tests"
fi
option=default
table=
cases=
while IFS= read -r id; do
  echo "$id" >> "$executed"
  name=${id#demo#}
  failure=
  case $name in
    creates-table) table=yes ;;
    uses-table) [ -n "$table" ] || failure='no such table' ;;
    sets-option) option=other ;;
    reads-default) [ "$option" = default ] || failure="option is $option" ;;
    resets) option=default ;;
    rounds) failure='1.005 is rounded to 1.00' ;;
  esac
  [ -z "$failure" ] || failure="<failure message=\"$failure\"/>"
  cases="$cases<testcase classname=\"demo\" name=\"$name\">$failure</testcase>"
done < "$tests"
echo "<testsuite name=\"demo\">$cases</testsuite>" > "$report"
