# A throw-away PostgreSQL on a socket in a temporary folder.

postgres_bin <- function() {
  found <- Sys.which("initdb")
  if (nzchar(found)) return(dirname(found))
  folders <- Sys.glob("/usr/lib/postgresql/*/bin")
  folders <- folders[file.exists(file.path(folders, "initdb"))]
  if (length(folders)) utils::tail(folders, 1)
}

# initdb refuses root: the server runs as a user that may.
as_server_user <- function(args, folder) {
  is_root <- Sys.info()[["effective_user"]] == "root"
  command <- if (is_root) c("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
  command <- c(command, args)
  log <- file.path(folder, "log")
  system2(command[1], shQuote(command[-1]), stdout = log, stderr = log)
}

# The folder of its socket, or a skipped test that says what lacks.
local_postgres <- function(env = parent.frame()) {
  testthat::skip_if_not_installed("RPostgres")
  testthat::skip_if_not_installed("dbplyr")
  bin <- postgres_bin()
  if (is.null(bin)) testthat::skip("no PostgreSQL server is installed")
  # Of R's own folders during a check the server's user may not enter all.
  open <- if (dir.exists("/tmp")) "/tmp" else dirname(tempdir())
  folder <- tempfile("judicious-pg-", tmpdir = open)
  dir.create(folder)
  if (Sys.info()[["effective_user"]] == "root") system2("chown", c("postgres", folder))
  data <- file.path(folder, "data")
  withr::defer(unlink(folder, recursive = TRUE), env)
  status <- as_server_user(c(file.path(bin, "initdb"), "-D", data, "-A", "trust", "-U", "tester",
                             "-E", "UTF8", "--no-sync"), folder)
  if (status != 0) testthat::skip("initdb failed")
  options <- paste("-k", folder, "-c listen_addresses= -c fsync=off -c max_connections=20")
  pg_ctl <- function(...) as_server_user(c(file.path(bin, "pg_ctl"), "-D", data, "-w", ...), folder)
  status <- pg_ctl("-o", options, "-l", file.path(folder, "server.log"), "start")
  if (status != 0) testthat::skip("the PostgreSQL server did not start")
  withr::defer(pg_ctl("-m", "immediate", "stop"), env)
  folder
}

connect_postgres <- function(folder, env = parent.frame(), ...) {
  con <- DBI::dbConnect(RPostgres::Postgres(), host = folder, user = "tester", dbname = "postgres",
                        ...)
  withr::defer(try(DBI::dbDisconnect(con), silent = TRUE), env)
  con
}
