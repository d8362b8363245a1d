#!/bin/sh
# Runs once, when PostgreSQL's volume is empty: a role and a database for each service and for n8n.
# Nobody but the owner may connect, so no service can read another one's tables.
set -eu

create() {
	psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
		--set=name="$1" --set=password="$2" <<-'SQL'
		CREATE ROLE :"name" LOGIN PASSWORD :'password';
		CREATE DATABASE :"name" OWNER :"name";
		REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
	SQL
}

create store "$STORE_DATABASE_PASSWORD"
create marketing "$MARKETING_DATABASE_PASSWORD"
create video "$VIDEO_DATABASE_PASSWORD"
create research "$RESEARCH_DATABASE_PASSWORD"
create n8n "$N8N_DATABASE_PASSWORD"
