module a2a-gauntlet/load/null-server

go 1.25.0
