using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Coder.Application.Users;
using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.Users;

/// <summary>Where messages to users are put.</summary>
/// <param name="Folder">Made when it is needed, readable by the account of the server alone.</param>
public sealed record OutboxOptions(string Folder);

/// <summary>
/// Puts each passcode into a folder as a message (RFC 5322) that a mail system takes from there, or that the operator reads and hands out.
/// Messages whose passcode is over are removed with the next one.
/// </summary>
/// <remarks>A name says when the passcode ends; the message has no sender, which is the mail system's to know.</remarks>
internal sealed partial class PasscodeOutbox(OutboxOptions options, ILogger<PasscodeOutbox> logger) : IPasscodeDelivery
{
    private const string Prefix = "passcode-";
    private const string Suffix = ".eml";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task DeliverAsync(PasscodeMessage message, CancellationToken ct)
    {
        MakeFolder();
        RemoveEnded(message.SentAt);
        var name = $"{Prefix}{Name(message.End)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{Suffix}";
        var path = Path.Combine(options.Folder, name);

        // Whoever watches the folder must not see half a message.
        var unfinished = path + ".tmp";
        await using (var file = new FileStream(unfinished, Options()))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(Text(message)), ct);
        }

        File.Move(unfinished, path);
        Delivered(logger, message.Username, options.Folder);
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    private static string Text(PasscodeMessage message) => string.Join(
        "\r\n",
        $"Date: {message.SentAt.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)}",
        $"To: {OneLine(message.Email)}",
        "Subject: Your one-time passcode",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "Auto-Submitted: auto-generated",
        "",
        $"Hello {OneLine(message.Username)},",
        "",
        "somebody, hopefully you, asked to set a new password for your account.",
        "This passcode lets you do so once, for 20 minutes:",
        "",
        message.Passcode,
        "",
        "If it was not you, nothing has to be done: your password stays as it is.",
        "");

    // What stands in a header must not begin another one.
    private static string OneLine(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    private static string Name(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(options.Folder);
        }
        else
        {
            Directory.CreateDirectory(options.Folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private void RemoveEnded(DateTimeOffset now)
    {
        // Times of one format compare like their texts.
        var ended = Prefix + Name(now);
        foreach (var path in Directory.EnumerateFiles(options.Folder, $"{Prefix}*"))
        {
            if (string.CompareOrdinal(Path.GetFileName(path), ended) < 0)
            {
                File.Delete(path);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A one-time passcode for {Username} was put into the outbox {Folder}")]
    private static partial void Delivered(ILogger logger, string username, string folder);
}
