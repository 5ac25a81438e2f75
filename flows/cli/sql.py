"""`triage sql`: query the tables, read-only."""

from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json, print_table


def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A SELECT over the tables.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a query. The database is opened read-only and closed at once.

    Example: triage sql "select rank, title from review order by rank limit 10"
    """
    import duckdb

    from pipeline.core.errors import InputError

    opened = open_workspace(workspace)
    try:
        with opened.database.reading() as connection:
            if not connection.extract_statements(query):
                raise InputError('there is no query; try: triage sql "show tables"')
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        raise InputError(f"the query failed: {str(error).splitlines()[0]}") from error
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows)
    else:
        typer.echo(f"no row; the columns are: {', '.join(names)}")
