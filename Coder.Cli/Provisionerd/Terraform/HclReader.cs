namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>An attribute: its expression as it is written.</summary>
internal sealed record HclAttribute(string Name, string Expression);

/// <summary>A block, such as <c>variable "region" { … }</c>.</summary>
internal sealed record HclBlock(string Type, IReadOnlyList<string> Labels, HclBody Body);

/// <summary>What a file or block holds.</summary>
internal sealed record HclBody(IReadOnlyList<HclAttribute> Attributes, IReadOnlyList<HclBlock> Blocks)
{
    /// <summary>The expression of an attribute.</summary>
    internal string? Expression(string name) => Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Expression;
}

/// <summary>
/// Reads the structure of a file in Terraform's language: blocks, and attributes whose expressions stay text. Nothing is evaluated. This
/// is all that the daemon needs to know of a template before Terraform can be run on it.
/// </summary>
internal sealed class HclReader
{
    private const int DeepestNesting = 100;

    private readonly string _text;
    private int _at;

    private HclReader(string text) => _text = text;

    /// <summary>Reads a file.</summary>
    /// <returns><see langword="null"/> when it is not written in the language; Terraform itself then says what is wrong.</returns>
    internal static HclBody? Read(string text)
    {
        var reader = new HclReader(text.TrimStart('\uFEFF'));
        try
        {
            var body = reader.Body(depth: 0);
            return reader._at == reader._text.Length ? body : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static FormatException Unreadable => new("This is not Terraform's language.");

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private HclBody Body(int depth)
    {
        if (depth > DeepestNesting)
        {
            throw Unreadable;
        }

        var attributes = new List<HclAttribute>();
        var blocks = new List<HclBlock>();
        while (true)
        {
            SkipBlank(withLines: true);
            if (_at == _text.Length || Current == '}')
            {
                return new HclBody(attributes, blocks);
            }

            var name = Identifier();
            SkipBlank(withLines: false);
            if (Current == '=')
            {
                _at++;
                attributes.Add(new HclAttribute(name, Expression()));
            }
            else
            {
                blocks.Add(Block(name, depth));
            }
        }
    }

    private HclBlock Block(string type, int depth)
    {
        var labels = new List<string>();
        while (Current != '{')
        {
            if (Current == '"')
            {
                var start = _at;
                SkipQuoted();
                labels.Add(HclLiteral.Unquote(_text[start.._at]) ?? throw Unreadable);
            }
            else
            {
                labels.Add(Identifier());
            }

            SkipBlank(withLines: false);
        }

        _at++;
        var body = Body(depth + 1);
        if (Current != '}')
        {
            throw Unreadable;
        }

        _at++;
        return new HclBlock(type, labels, body);
    }

    private string Identifier()
    {
        var start = _at;
        while (char.IsLetterOrDigit(Current) || Current is '_' or '-')
        {
            _at++;
        }

        return _at > start && !char.IsDigit(_text[start]) ? _text[start.._at] : throw Unreadable;
    }

    /// <summary>Everything up to the end of the line, or as far as brackets are open.</summary>
    private string Expression()
    {
        SkipBlank(withLines: false);
        var start = _at;
        var end = start;
        var open = 0;
        while (_at < _text.Length)
        {
            switch (Current)
            {
                case '"':
                    SkipQuoted();
                    break;
                case '<' when _text.AsSpan(_at).StartsWith("<<", StringComparison.Ordinal):
                    SkipHeredoc();
                    break;
                case '#':
                case '/' when _text.AsSpan(_at).StartsWith("//", StringComparison.Ordinal) || _text.AsSpan(_at).StartsWith("/*", StringComparison.Ordinal):
                    SkipBlank(withLines: open > 0);
                    continue;
                case '(' or '[' or '{':
                    open++;
                    _at++;
                    break;
                case ')' or ']' or '}' when open > 0:
                    open--;
                    _at++;
                    break;
                case '}' or '\n' when open == 0:
                    return end > start ? _text[start..end] : throw Unreadable;
                case ' ' or '\t' or '\r' or '\n':
                    _at++;
                    continue;
                default:
                    _at++;
                    break;
            }

            end = _at;
        }

        return open == 0 && end > start ? _text[start..end] : throw Unreadable;
    }

    private void SkipBlank(bool withLines)
    {
        while (_at < _text.Length)
        {
            var rest = _text.AsSpan(_at);
            if (Current is ' ' or '\t' or '\r' || (withLines && Current == '\n'))
            {
                _at++;
            }
            else if (Current == '#' || rest.StartsWith("//", StringComparison.Ordinal))
            {
                var length = rest.IndexOf('\n');
                _at = length < 0 ? _text.Length : _at + length;
            }
            else if (rest.StartsWith("/*", StringComparison.Ordinal))
            {
                var length = rest.IndexOf("*/", StringComparison.Ordinal);
                _at = length < 0 ? throw Unreadable : _at + length + 2;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Skips a text in quotes. Inside of <c>${ }</c> there may be others.</summary>
    private void SkipQuoted(int depth = 0)
    {
        if (depth > DeepestNesting)
        {
            throw Unreadable;
        }

        _at++;
        while (Current != '"')
        {
            if (_at >= _text.Length || Current == '\n')
            {
                throw Unreadable;
            }

            if (Current == '\\')
            {
                _at += 2;
            }
            else if (Current is '$' or '%' && _at + 1 < _text.Length && _text[_at + 1] == Current)
            {
                // $${ is no template.
                _at += _at + 2 < _text.Length && _text[_at + 2] == '{' ? 3 : 1;
            }
            else if (Current is '$' or '%' && _at + 1 < _text.Length && _text[_at + 1] == '{')
            {
                _at += 2;
                SkipTemplate(depth);
            }
            else
            {
                _at++;
            }
        }

        _at++;
    }

    private void SkipTemplate(int depth)
    {
        for (var open = 1; open > 0;)
        {
            if (_at >= _text.Length)
            {
                throw Unreadable;
            }

            if (Current == '"')
            {
                SkipQuoted(depth + 1);
                continue;
            }

            open += Current switch { '{' => 1, '}' => -1, _ => 0 };
            _at++;
        }
    }

    private void SkipHeredoc()
    {
        _at += 2;
        if (Current == '-')
        {
            _at++;
        }

        var mark = Identifier();
        while (true)
        {
            var length = _text.AsSpan(_at).IndexOf('\n');
            if (length < 0)
            {
                throw Unreadable;
            }

            _at += length + 1;
            var line = _text.AsSpan(_at);
            var lineEnd = line.IndexOf('\n');
            line = lineEnd < 0 ? line : line[..lineEnd];
            if (line.Trim().SequenceEqual(mark))
            {
                // The line break that follows ends the expression.
                _at += line.Length;
                return;
            }
        }
    }
}
